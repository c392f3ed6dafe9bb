# shellcheck shell=bash disable=SC2154 # the variables of setup.sh, which reads this file
# Creates what the files of infra/monitoring describe, and a channel for --email. What is there already
# stays as it is: thresholds are tuned in the console.

name_in() { node -p "JSON.parse(require('fs').readFileSync(process.argv[1])).displayName" "$1"; }

channel=''
if [ -n "$email" ]; then
  channels=$(list monitoring.googleapis.com gcloud beta monitoring channels list \
    '--format=value[separator=" "](labels.email_address,name)')
  channel=$(awk -v email="$email" '$1 == email { print $2; exit }' <<<"$channels")
  if [ -z "$channel" ]; then
    channel='<the new channel>'
    change gcloud beta monitoring channels create '--display-name=Tiki bridge' --type=email \
      "--channel-labels=email_address=$email"
    if $apply; then
      channel=$(gcloud beta monitoring channels list '--format=value[separator=" "](labels.email_address,name)' |
        awk -v email="$email" '$1 == email { print $2; exit }')
    fi
  fi
fi

metrics=$(list logging.googleapis.com gcloud logging metrics list --format='value(name)')
for file in infra/monitoring/metrics/*.json; do
  [ -e "$file" ] || continue
  metric=$(basename "$file" .json)
  has "$metrics" "$metric" || change gcloud logging metrics create "$metric" "--config-from-file=$file"
done

policies=$(list monitoring.googleapis.com gcloud monitoring policies list --format='value(displayName)')
for file in infra/monitoring/alerts/*.json; do
  [ -e "$file" ] || continue
  has "$policies" "$(name_in "$file")" ||
    change gcloud monitoring policies create "--policy-from-file=$file" \
      ${channel:+"--notification-channels=$channel"}
done

dashboards=$(list monitoring.googleapis.com gcloud monitoring dashboards list --format='value(displayName)')
for file in infra/monitoring/dashboards/*.json; do
  [ -e "$file" ] || continue
  has "$dashboards" "$(name_in "$file")" ||
    change gcloud monitoring dashboards create "--config-from-file=$file"
done
