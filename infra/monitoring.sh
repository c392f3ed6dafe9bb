# shellcheck shell=bash disable=SC2154,SC2034 # the variables of setup.sh, which reads this file
# Creates what the files of infra/monitoring describe, and a channel for --email. What is there already
# stays as it is, since thresholds are tuned in the console; but an alert that notifies nobody gets the
# channel.

channel=''
channels() {
  gcloud beta monitoring channels list '--format=value[separator=" "](labels.email_address,name)' |
    awk -v email="$email" '$1 == email { print $2; exit }'
}
if [ -n "$email" ]; then
  channel=$(list monitoring.googleapis.com channels)
  if [ -z "$channel" ]; then
    channel='<the new channel>'
    change gcloud beta monitoring channels create '--display-name=Tiki bridge' --type=email \
      "--channel-labels=email_address=$email"
    if $apply; then channel=$(channels); fi
  fi
fi

# Google knows a new metric only after some minutes, and refuses until then what names it.
refused() {
  later "$0 again, in ten minutes: Google refused $1"
  complete=false
}

metrics=$(list logging.googleapis.com gcloud logging metrics list --format='value(name)')
while IFS=$'\t' read -r file _; do
  metric=$(basename "$file" .json)
  has "$metrics" "$metric" || change gcloud logging metrics create "$metric" "--config-from-file=$file"
done < <(needed metrics)

# gcloud has no commands for services and their objectives. The token is no argument, which others could see.
monitoring_api() {
  printf 'Authorization: Bearer %s\n' "$(gcloud auth print-access-token)" |
    curl --silent --show-error --fail --header @- --header "X-Goog-User-Project: $project" \
      --header 'Content-Type: application/json' "${@:2}" \
      "https://monitoring.googleapis.com/v3/projects/$project/$1"
}
# The ids of a list.
ids() {
  monitoring_api "$1" | node -p 'Object.values(JSON.parse(require("fs").readFileSync(0))).flat()
    .map(({ name = "" }) => name.split("/").pop()).join("\n")'
}
# Creates one at the API, from a file.
create_at_api() {
  announce "curl --header \"Authorization: Bearer \$(gcloud auth print-access-token)\" --header 'Content-Type: application/json' --data @$2 $(quoted "https://monitoring.googleapis.com/v3/projects/$project/$1")"
  if $apply; then monitoring_api "$1" --data "@$2" >/dev/null || refused "$2"; fi
}
while IFS=$'\t' read -r file _; do
  service=$(basename "$file" .json)
  services_there=$(list monitoring.googleapis.com ids services)
  has "$services_there" "$service" || create_at_api "services?serviceId=$service" "$file"
  # Of a service that has just been created there are none.
  objectives=''
  if has "$services_there" "$service"; then objectives=$(ids "services/$service/serviceLevelObjectives"); fi
  while IFS=$'\t' read -r slo _; do
    id=$(basename "$slo" .json)
    has "$objectives" "$id" ||
      create_at_api "services/$service/serviceLevelObjectives?serviceLevelObjectiveId=$id" "$slo"
  done < <(needed slos)
done < <(needed services)

# Creates what a file describes. Objectives are named with their project, and services of Cloud Run with
# their prefix. <flag> <file> <command…>
create_from() {
  local flag=$1 file=$2 names="s/PROJECT_ID/$project/g; s/SERVICE_PREFIX/$run_prefix/g"
  shift 2
  announce "$(quoted "$@") $flag=<(sed '$names' $file)"
  if $apply; then
    "$@" "$flag"=<(sed "$names" "$file") >/dev/null </dev/null || refused "$file"
  fi
}

policies=$(list monitoring.googleapis.com gcloud monitoring policies list --format='value(displayName)')
silent=$(list monitoring.googleapis.com gcloud monitoring policies list \
  --format='value(name,userLabels.app,notificationChannels)' |
  awk -F '\t' '$2 == "tiki-bridge" && $3 == "" { print $1 }')
while IFS=$'\t' read -r file name; do
  if has "$policies" "$name"; then continue; fi
  create_from --policy-from-file "$file" \
    gcloud monitoring policies create ${channel:+"--notification-channels=$channel"}
  [ -n "$channel" ] || silent+=$'\n'$name
done < <(needed alerts)
if [ -z "$silent" ]; then
  : # Somebody is told of each of them.
elif [ -z "$channel" ]; then
  later "$0 again, with --email <address>: nobody is told of alerts"
else
  while read -r policy; do
    change gcloud monitoring policies update "$policy" "--add-notification-channels=$channel"
  done <<<"$silent"
fi

dashboards=$(list monitoring.googleapis.com gcloud monitoring dashboards list --format='value(displayName)')
while IFS=$'\t' read -r file name; do
  has "$dashboards" "$name" || create_from --config-from-file "$file" gcloud monitoring dashboards create
done < <(needed dashboards)
