"""The backend of Tiki's guide for Cloud Run, in our own words: Flask exchanges an auth code for
Tiki's tokens and hands them to the Tini App. No Firebase token, no kept-alive connection."""

import base64
import hashlib
import hmac
import json
import os
import time
import urllib.request

from flask import Flask, jsonify, request

KEY = os.environ["TIKI_CLIENT_KEY"]
SECRET = os.environ["TIKI_CLIENT_SECRET"].encode()
URL = os.environ["TIKI_API_BASE_URL"] + "/oauth/auth/token"

app = Flask(__name__)


def sign(timestamp, body):
    payload = f"{timestamp}.{KEY}.{body}".encode()
    encoded = base64.urlsafe_b64encode(payload).rstrip(b"=")
    return hmac.new(SECRET, encoded, hashlib.sha256).hexdigest()


@app.post("/auth_exchange")
def auth_exchange():
    body = json.dumps({"code": request.get_json()["code"]})
    timestamp = str(int(time.time() * 1000))
    headers = {
        "Content-Type": "application/json",
        "X-Tiniapp-Client-Key": KEY,
        "X-Tiniapp-Timestamp": timestamp,
        "X-Tiniapp-Signature": sign(timestamp, body),
    }
    call = urllib.request.Request(URL, body.encode(), headers)
    with urllib.request.urlopen(call) as answer:
        return jsonify(json.load(answer)["data"])
