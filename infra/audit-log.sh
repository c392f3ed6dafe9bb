# shellcheck shell=bash disable=SC2154 # the variables of setup.sh, which reads this file
# Keeps the entries of logins for 400 days, as long as the audit trail in Firestore: a log bucket of its
# own, and a sink that copies them into it. `npm run bridge -- audit` reads it.

bucket=tiki-bridge-audit
retention_days=400
login_filter='resource.type="cloud_run_revision" AND jsonPayload.requestId:* AND jsonPayload.route=("auth_exchange" OR "auth_refresh" OR "session.hand_over" OR "session.trade" OR "session.sign_in" OR "session.sign_out")'

buckets=$(list logging.googleapis.com gcloud logging buckets list --location=global --format='value(name.basename())')
has "$buckets" "$bucket" ||
  change gcloud logging buckets create "$bucket" --location=global "--retention-days=$retention_days" \
    '--description=Logins of the Tiki bridge'
# A sink into a bucket of its own project needs no further rights.
sinks=$(list logging.googleapis.com gcloud logging sinks list --format='value(name)')
has "$sinks" "$bucket" ||
  change gcloud logging sinks create "$bucket" \
    "logging.googleapis.com/projects/$project/locations/global/buckets/$bucket" "--log-filter=$login_filter"
