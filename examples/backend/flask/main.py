# A private service in Flask: who calls, by the token of the bridge. See ../README.md.
import os

import jwt
from flask import Flask, abort, g, request

ACCOUNT = os.environ["BRIDGE_ACCOUNT"]
OWN_URL = os.environ["OWN_URL"]
keys = jwt.PyJWKClient(f"https://www.googleapis.com/service_accounts/v1/jwk/{ACCOUNT}")

app = Flask(__name__)


@app.before_request
def authenticate():
    try:
        # Asks Google every five minutes. A failure is an outage, which signs nobody out.
        keys.get_jwk_set()
    except (OSError, jwt.PyJWKClientError):
        abort(503)
    try:
        token = request.headers["X-Tiki-User"]
        key = keys.get_signing_key_from_jwt(token).key
        required = {"require": ["exp", "sub"]}
        claims = jwt.decode(
            token, key, algorithms=["RS256"], issuer=ACCOUNT, audience=OWN_URL, options=required
        )
        g.uid = claims["sub"]
    except (KeyError, jwt.PyJWTError):
        abort(401)


@app.get("/whoami")
def whoami():
    return {"uid": g.uid}
