#!/usr/bin/env bash
# Plays gcloud, npx firebase-tools and curl for infra/setup.sh: the state of a project is a folder of lists, in
# FAKE_PROJECT. Refuses what Google refuses: an API that is disabled, what exists already, what does
# not exist. With FAKE_DIE=8 the script that calls it is killed after eight changes.
set -euo pipefail
cd "$FAKE_PROJECT"
printf '%s %s\n' "${0##*/}" "$*" >>log

refuse() {
  echo "ERROR: $1" >&2
  exit 1
}
flag() {
  local argument
  for argument in "${all[@]}"; do
    case $argument in "--$1="*) printf '%s' "${argument#*=}" && return ;; esac
  done
}
show() { if [ -e "$1" ]; then echo "$(<"$1")"; fi; }
holds() {
  [ -e "$1" ] || return 1
  local lines
  lines=$(<"$1")
  [[ $'\n'$lines$'\n' == *$'\n'"$2"$'\n'* ]]
}
api() { holds apis "$1.googleapis.com" || refuse "$1.googleapis.com is disabled"; }
add() {
  if holds "$1" "$2"; then refuse "$2: ALREADY_EXISTS"; fi
  printf '%s\n' "$2" >>"$1"
  echo "$1 $2" >>changes
  if [ -n "${FAKE_DIE:-}" ] && [ "$(grep -c . changes)" -ge "$FAKE_DIE" ]; then kill -9 "$PPID"; fi
}
bind() {
  local member
  member=$(flag member)
  case $member in
    # There once the API of Cloud Run is.
    serviceAccount:123456-compute@developer.gserviceaccount.com) api run ;;
    serviceAccount:*) holds accounts "${member#serviceAccount:}" || refuse "$member does not exist" ;;
  esac
  add "$1" "$(flag role) $member"
}

# The first name in a description.
name_in() {
  local text
  text=$(<"$1")
  [[ $text =~ \"displayName\":\ \"([^\"]*)\" ]] && printf '%s' "${BASH_REMATCH[1]}"
}

if [ "${0##*/}" = curl ]; then
  [ "$(cat)" = 'Authorization: Bearer ya29.fake' ] || refuse 'no token'
  path=${*: -1}
  path=${path#https://monitoring.googleapis.com/v3/projects/shop/}
  case "$*" in
    *'--data @'*)
      case $path in services/*/*) holds slo-services "$(cut -d/ -f2 <<<"$path")" || refuse 'no service' ;; esac
      case $path in
        services\?*) add slo-services "${path#*=}" ;;
        *) add slos "${path#*=}" ;;
      esac
      ;;
    *)
      file=slos
      [ "$path" = services ] && file=slo-services
      printf '{"list":[%s]}' "$(show "$file" | sed 's/.*/{"name":"x\/&"}/' | paste -sd, -)"
      ;;
  esac
  exit
fi

all=("$@")
words=()
for argument in "$@"; do case $argument in --*) ;; *) words+=("$argument") ;; esac; done
domain=$CLOUDSDK_CORE_PROJECT.iam.gserviceaccount.com
command=${words[*]}
last=${words[${#words[@]} - 1]}
case $command in
  'auth print-access-token') echo ya29.fake ;;
  'services list') show apis ;;
  'services enable '*)
    [ ${#words[@]} -le 22 ] || refuse 'more than 20 services in one request'
    for one in "${words[@]:2}"; do
      if ! holds apis "$one"; then printf '%s\n' "$one" >>apis; fi
    done
    add apis-enabled "${words[*]:2}"
    ;;
  'projects describe shop') echo 123456 ;;
  'projects get-iam-policy shop') show iam.project ;;
  'projects add-iam-policy-binding shop')
    [ "$(flag condition)" = None ] || refuse 'a condition has to be named'
    bind iam.project
    ;;
  'iam service-accounts list') api iam && show accounts ;;
  'iam service-accounts create '*) api iam && add accounts "$last@$domain" ;;
  'iam service-accounts get-iam-policy '*) holds accounts "$last" && show "iam.$last" ;;
  'iam service-accounts add-iam-policy-binding '*)
    holds accounts "$last" || refuse "$last does not exist"
    bind "iam.$last"
    ;;
  'iam roles list') api iam && show roles ;;
  'iam roles create '*)
    flag permissions | tr , '\n' >"permissions.$last"
    add roles "projects/shop/roles/$last"
    ;;
  'iam roles describe '*) holds roles "projects/shop/roles/$last" && show "permissions.$last" ;;
  'iam workload-identity-pools list') show pools ;;
  'iam workload-identity-pools create tiki-bridge')
    add pools projects/123456/locations/global/workloadIdentityPools/tiki-bridge
    ;;
  'iam workload-identity-pools providers list') show providers ;;
  'iam workload-identity-pools providers create-oidc github')
    [ -e pools ] || refuse 'no pool'
    flag issuer-uri >accepted
    echo " $(flag attribute-condition)" >>accepted
    add providers "$(cat pools)/providers/github"
    ;;
  'iam workload-identity-pools providers describe github') [ -e providers ] && show accepted ;;
  'secrets list') api secretmanager && show secrets ;;
  'secrets create '*) api secretmanager && add secrets "$last" ;;
  'secrets versions list '*) holds secrets "$last" && show "versions.$last" ;;
  'secrets versions add '*)
    holds secrets "$last" || refuse "no secret $last"
    [ "$(wc -c)" -gt 40 ] || refuse 'an empty value'
    add "versions.$last" 1
    ;;
  'secrets get-iam-policy '*) holds secrets "$last" && show "iam.$last" ;;
  'secrets add-iam-policy-binding '*)
    holds secrets "$last" || refuse "no secret $last"
    bind "iam.$last"
    ;;
  'run services list') api run && show services ;;
  'run services get-iam-policy '*) holds services "$last" && show "iam.run.$last" ;;
  'run services add-iam-policy-binding '*)
    holds services "$last" || refuse "no service $last"
    bind "iam.run.$last"
    ;;
  'artifacts repositories list') api artifactregistry && show registries ;;
  'artifacts repositories create gcf-artifacts') api artifactregistry && add registries "$last" ;;
  'artifacts repositories list-cleanup-policies gcf-artifacts') show image-policies ;;
  'artifacts repositories set-cleanup-policies gcf-artifacts')
    holds registries "$last" || refuse "no repository $last"
    add image-policies "$(sed -n 's/.*"name": "\(keep[^"]*\)".*/\1/p' "$(flag policy)")"
    ;;
  'firestore databases list') api firestore && show databases ;;
  'firestore databases create') api firestore && add databases '(default)' ;;
  'firestore fields ttls list')
    [ -e databases ] || refuse 'no database'
    show ttls
    ;;
  'firestore fields ttls update '*)
    [ -e databases ] || refuse 'no database'
    add ttls "projects/shop/databases/(default)/collectionGroups/$(flag collection-group)/fields/$last"
    ;;
  'beta monitoring channels list') show channels ;;
  'beta monitoring channels create')
    labels=$(flag channel-labels)
    add channels "${labels#email_address=} projects/shop/notificationChannels/7"
    ;;
  'logging metrics list') show metrics ;;
  'logging metrics create '*) add metrics "$last" ;;
  'logging buckets list') api logging && show log-buckets ;;
  'logging buckets create '*)
    [ "$(flag location)" = global ] || refuse 'another location'
    flag retention-days >retention
    add log-buckets "$last"
    ;;
  'logging sinks list') api logging && show sinks ;;
  'logging sinks create '*)
    holds log-buckets "${last##*/}" || refuse "no bucket $last"
    [ "$last" = "logging.googleapis.com/projects/shop/locations/global/buckets/${last##*/}" ] ||
      refuse "no destination: $last"
    flag log-filter >sink-filter
    add sinks "${words[3]}"
    ;;
  'monitoring policies') [ -z "${FAKE_OLD_GCLOUD:-}" ] || refuse "Invalid choice: 'policies'" ;;
  'monitoring policies list')
    case "$(flag format)" in
      'value(displayName)') show policies ;;
      'value(name,userLabels.app,notificationChannels)')
        printf '%s\t%s\t%s\n' theirs '' '' heard tiki-bridge projects/shop/notificationChannels/6
        if [ -e silent-policies ]; then sed 's/$/\ttiki-bridge\t/' silent-policies; fi
        ;;
    esac
    ;;
  'monitoring policies update '*)
    holds silent-policies "$last" || refuse "no policy $last"
    rm silent-policies
    flag add-notification-channels >>notified && echo >>notified
    echo "channel of $last" >>changes
    ;;
  'monitoring policies create')
    flag notification-channels >>notified && echo >>notified
    policy=$(cat "$(flag policy-from-file)")
    [ -z "${FAKE_NEW_METRICS:-}" ] || refuse 'Cannot find metric'
    case $policy in *PROJECT_ID* | *SERVICE_PREFIX*) refuse 'a name that nobody has' ;; esac
    printf '%s\n' "$policy" >policy
    add policies "$(name_in <(printf '%s' "$policy"))"
    [ -n "$(flag notification-channels)" ] || echo projects/shop/alertPolicies/9 >silent-policies
    ;;
  'monitoring dashboards list') show dashboards ;;
  'monitoring dashboards create')
    dashboard=$(cat "$(flag config-from-file)")
    case $dashboard in *PROJECT_ID*) refuse 'no such project: PROJECT_ID' ;; esac
    add dashboards "$(name_in <(printf '%s' "$dashboard"))"
    ;;
  'billing projects describe shop') echo billingAccounts/AB-12 ;;
  'billing budgets list') show budgets ;;
  'billing budgets create') add budgets "$(flag display-name)" ;;
  'firebase-tools hosting:sites:list')
    printf '{"status":"success","result":{"sites":[%s]}}' "$(sed 's/.*/{"name":"&"}/' sites 2>/dev/null | paste -sd, -)"
    ;;
  'firebase-tools hosting:sites:create '*) add sites "$last" ;;
  *) refuse "the fake does not know: $command" ;;
esac
