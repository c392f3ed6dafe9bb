#!/usr/bin/env bash
# Prepares a Firebase project for the bridge: APIs, an account for each function with the roles of
# access.json, secrets, Firestore with its TTL policies, the Hosting site, how long images are kept, alerts,
# a budget.
#
# Changes nothing without --apply: it prints the commands that it would run. Safe to repeat, also after
# an interruption: it reads what is there first, and never removes anything.
set -euo pipefail
here=$(dirname "$0")

usage() {
  # As it was called: in a project that has installed the bridge, its path is another one.
  printf 'Usage: %s --project <project id> [options]\n\n' "$0"
  cat <<'TEXT'
  --apply              run the commands; without it they are only printed
  --with <features>    separated by commas: sessions, backend, payments, push, shared-rate-limit,
                       app-check, realtime-database, traces, github
  --region <region>    of the functions and of a new Firestore database (asia-southeast1)
  --prefix <prefix>    of the names of the functions, if they are exported as a group (tikiBridge-), or
                       of functions and secrets, if they are a function kit (kit-<instance>-)
  --no-firestore       create no Firestore database (logins work without one)
  --no-premium         no account for reconcilePremium, for projects whose functions are not deployed with it:
                       those of init without premium and payments
  --email <address>    notify this address of alerts, also of those that exist and notify nobody; without
                       it, nobody is told
  --budget <amount>    mail the administrators of the billing account at 50, 90 and 100 % of this
                       amount a month, in its currency
  --github <repository id>
                       with the feature github: the only repository that may deploy, from its branch main
                       and environment production. gh api repos/<owner>/<repository> --jq .id

Needs: gcloud 549 or newer, logged in as an owner of the project; Node.js, whose npx runs the Firebase CLI; curl.
TEXT
}

project='' region=asia-southeast1 prefix='' features='' email='' budget='' repository=''
apply=false firestore=true premium=true
fail() {
  printf '%s\n' "$1" >&2
  exit 2
}
while [ $# -gt 0 ]; do
  case $1 in
    --apply) apply=true ;;
    --no-firestore) firestore=false ;;
    --no-premium) premium=false ;;
    --help | -h)
      usage
      exit
      ;;
    --project | --with | --region | --prefix | --email | --budget | --github)
      [ $# -ge 2 ] || fail "$1: its value is missing"
      case $1 in
        --project) project=$2 ;;
        --with) features=$2 ;;
        --region) region=$2 ;;
        --prefix) prefix=$2 ;;
        --email) email=$2 ;;
        --budget) budget=$2 ;;
        --github) repository=$2 ;;
      esac
      shift
      ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
  shift
done
[[ $project =~ ^([a-z0-9.-]+:)?[a-z][a-z0-9-]{3,62}$ ]] || fail '--project: the id of your Firebase project'
[[ $region =~ ^[a-z0-9-]+$ ]] || fail '--region: such as asia-southeast1'
[[ -z $prefix || $prefix =~ ^[A-Za-z][A-Za-z0-9-]*-$ ]] || fail '--prefix: such as tikiBridge-'
[[ -z $budget || $budget =~ ^[0-9]+$ ]] || fail '--budget: a whole number, such as 20'
[[ -z $repository || $repository =~ ^[0-9]+$ ]] ||
  fail '--github: the id of the repository, a number: gh api repos/<owner>/<repository> --jq .id'
[[ ",$features," != *,github,* || -n $repository ]] || fail '--with github needs --github <repository id>'
$premium || [[ ",$features," != *,premium,* && ",$features," != *,payments,* ]] ||
  fail '--no-premium: payments are deployed with reconcilePremium too'

IFS=, read -r -a chosen <<<"$features"
if $premium; then chosen+=(premium); fi
needs=$(node "$here/needs.mjs" ${chosen[@]+"${chosen[@]}"})
needed() { sed -n "s/^$1$(printf '\t')//p" <<<"$needs"; }

# Cloud Run has the name of a function in lower case.
run_prefix=$(tr '[:upper:]' '[:lower:]' <<<"$prefix")
secret_prefix=''
case $prefix in kit-*) secret_prefix=$prefix ;; esac

# No question of gcloud stops the script; the project is in the environment, so that none is forgotten.
export CLOUDSDK_CORE_PROJECT=$project CLOUDSDK_CORE_DISABLE_PROMPTS=1
# Checked first: an older gcloud would fail halfway.
gcloud monitoring policies --help >/dev/null 2>&1 ||
  fail 'gcloud 549 or newer is needed, for its commands "gcloud monitoring policies": gcloud components update'
# Projects below a domain: my-project.example.com.iam.gserviceaccount.com
domain=$project
[[ $project != *:* ]] || domain=${project#*:}.${project%%:*}
address() { printf '%s@%s.iam.gserviceaccount.com' "$1" "$domain"; }

count=0 left='' complete=true
quoted() {
  local word line=''
  for word in "$@"; do printf -v line '%s %q' "$line" "$word"; done
  printf '%s' "${line# }"
}
announce() {
  count=$((count + 1))
  printf '  %s\n' "$1"
}
# Prints a command, and runs it with --apply. Without the input of the loop that it may stand in.
change() {
  announce "$(quoted "$@")"
  if $apply; then "$@" >/dev/null </dev/null; fi
}
# IAM does not know a new account everywhere at once.
change_soon() {
  announce "$(quoted "$@")"
  if ! $apply; then return; fi
  local attempt
  for attempt in 1 2 3 4 5 6; do
    if "$@" >/dev/null </dev/null; then return; fi
    echo "    attempt $attempt failed; again in a few seconds" >&2
    sleep "${SETUP_RETRY_SECONDS:-10}"
  done
  "$@" >/dev/null </dev/null
}
later() { left+="  $1"$'\n'; }
# Whether a list has this line.
has() { [[ $'\n'$1$'\n' == *$'\n'"$2"$'\n'* ]]; }

echo "Project $project, functions in $region"
number=$(gcloud projects describe "$project" --format='value(projectNumber)')
$apply || echo "Would run, with: export CLOUDSDK_CORE_PROJECT=$project CLOUDSDK_CORE_DISABLE_PROMPTS=1"

enabled=$(gcloud services list --enabled --format='value(config.name)')
# What a service that is not enabled yet would list: nothing.
list() {
  if ! has "$enabled" "$1"; then return; fi
  shift
  "$@"
}
missing=()
while read -r api; do
  has "$enabled" "$api" || missing+=("$api")
done < <(
  needed api
  if [ -n "$budget" ]; then printf '%s\n' cloudbilling.googleapis.com billingbudgets.googleapis.com; fi
)
if [ ${#missing[@]} -gt 0 ]; then
  # One request enables at most 20 APIs.
  for ((i = 0; i < ${#missing[@]}; i += 20)); do change gcloud services enable "${missing[@]:i:20}"; done
  if $apply; then enabled=$(gcloud services list --enabled --format='value(config.name)'); fi
fi

accounts=$(list iam.googleapis.com gcloud iam service-accounts list --format='value(email)')
while IFS=$'\t' read -r account description; do
  has "$accounts" "$(address "$account")" ||
    change gcloud iam service-accounts create "$account" "--description=$description"
done < <(needed account)

roles=$(list iam.googleapis.com gcloud iam roles list "--project=$project" --format='value(name)')
# Roles that are something else here than in access.json. They are granted to nobody.
differing=''
while IFS=$'\t' read -r role permissions; do
  if ! has "$roles" "projects/$project/roles/$role"; then
    change gcloud iam roles create "$role" "--project=$project" "--permissions=$permissions"
    continue
  fi
  present=$(gcloud iam roles describe "$role" "--project=$project" --flatten='includedPermissions[]' \
    --format='value(includedPermissions)' </dev/null | sort | paste -sd, -)
  [ "$present" != "$(tr , '\n' <<<"$permissions" | sort | paste -sd, -)" ] || continue
  differing+=$role$'\n'
  later "the role $role has other permissions ($present), so nobody is granted it. If nobody else needs it: $(
    quoted gcloud iam roles update "$role" "--project=$project" "--permissions=$permissions"
  ); then $0 again"
done < <(needed role)

secrets=$(list secretmanager.googleapis.com gcloud secrets list --format='value(name.basename())')
while IFS=$'\t' read -r secret value; do
  secret=$secret_prefix$secret
  # The label tells the Firebase CLI that the secret belongs to functions.
  has "$secrets" "$secret" ||
    change gcloud secrets create "$secret" --replication-policy=automatic --labels=firebase-managed=functions
  versions=''
  if has "$secrets" "$secret"; then
    versions=$(gcloud secrets versions list "$secret" --filter=state=ENABLED --format='value(name)' </dev/null)
  fi
  [ -z "$versions" ] || continue
  if [ "$value" = random ]; then
    announce "openssl rand -base64 32 | gcloud secrets versions add $secret --data-file=-"
    if $apply; then openssl rand -base64 32 | gcloud secrets versions add "$secret" --data-file=- >/dev/null; fi
  else
    later "npx firebase-tools functions:secrets:set $secret --project $project   # its value: $value"
  fi
done < <(needed secret)

# Everybody's roles in the project, one "role member" a line.
granted=$(gcloud projects get-iam-policy "$project" --flatten='bindings[].members' \
  --filter='-bindings.condition:*' --format='value[separator=" "](bindings.role,bindings.members)')
policy_of() {
  "$@" --flatten='bindings[].members' --format='value[separator=" "](bindings.role,bindings.members)' </dev/null
}
services=''
if [ -n "$(needed run)" ]; then
  services=$(list run.googleapis.com gcloud run services list "--region=$region" --format='value(metadata.name)')
fi
while IFS=$'\t' read -r account role on; do
  member=serviceAccount:$(address "$account")
  if has "$differing" "$role"; then continue; fi
  case $role in roles/*) ;; *) role=projects/$project/roles/$role ;; esac
  binding=("--member=$member" "--role=$role")
  case $on in
    project)
      has "$granted" "$role $member" ||
        change_soon gcloud projects add-iam-policy-binding "$project" "${binding[@]}" --condition=None
      ;;
    itself)
      email_of=$(address "$account")
      present=''
      if has "$accounts" "$email_of"; then
        present=$(policy_of gcloud iam service-accounts get-iam-policy "$email_of")
      fi
      has "$present" "$role $member" ||
        change_soon gcloud iam service-accounts add-iam-policy-binding "$email_of" "${binding[@]}"
      ;;
    'each account of a function')
      while IFS=$'\t' read -r other _; do
        other=$(address "$other")
        if [ "serviceAccount:$other" = "$member" ]; then continue; fi
        present=''
        if has "$accounts" "$other"; then
          present=$(policy_of gcloud iam service-accounts get-iam-policy "$other")
        fi
        has "$present" "$role $member" ||
          change_soon gcloud iam service-accounts add-iam-policy-binding "$other" "${binding[@]}"
      done < <(needed account)
      ;;
    'its service')
      service=$run_prefix$(needed run | awk -F '\t' -v account="$account" '$1 == account { print $2 }')
      if ! has "$services" "$service"; then
        later "$0 again, after the first deployment: $account calls its function $service"
        continue
      fi
      present=$(policy_of gcloud run services get-iam-policy "$service" "--region=$region")
      has "$present" "$role $member" ||
        change gcloud run services add-iam-policy-binding "$service" "--region=$region" "${binding[@]}"
      ;;
    'the private service')
      later "gcloud run services add-iam-policy-binding <your service> --region $region --member $member --role $role --project $project"
      ;;
    *)
      secret=$secret_prefix$on
      present=''
      if has "$secrets" "$secret"; then present=$(policy_of gcloud secrets get-iam-policy "$secret"); fi
      has "$present" "$role $member" ||
        change_soon gcloud secrets add-iam-policy-binding "$secret" "${binding[@]}"
      ;;
  esac
done < <(needed grant)

# Builds of functions run as this account. It is an editor of the project, unless the organisation's policy
# gives default accounts no role: the default for organisations created since May 2024.
builder=serviceAccount:$number-compute@developer.gserviceaccount.com
role=$(needed builder)
has "$granted" "roles/editor $builder" || has "$granted" "$role $builder" ||
  change_soon gcloud projects add-iam-policy-binding "$project" "--member=$builder" "--role=$role" --condition=None

if $firestore; then
  databases=$(list firestore.googleapis.com gcloud firestore databases list --format='value(name.basename())')
  # Where the functions are. It can never be moved.
  has "$databases" '(default)' ||
    change gcloud firestore databases create "--location=$region" --type=firestore-native --delete-protection
  fields=''
  if has "$databases" '(default)'; then
    fields=$(gcloud firestore fields ttls list --format='value(name)')
  fi
  while IFS=$'\t' read -r collection field; do
    grep -q "/collectionGroups/$collection/fields/$field\$" <<<"$fields" ||
      change gcloud firestore fields ttls update "$field" "--collection-group=$collection" --enable-ttl --async
  done < <(needed ttl)
fi

sites=''
if has "$enabled" firebasehosting.googleapis.com; then
  answer=$(npx --yes firebase-tools hosting:sites:list --json "--project=$project" </dev/null) ||
    fail "The Firebase CLI cannot see $project: is Firebase added to it, and are you logged in (npx firebase-tools login)?"
  sites=$(node -p 'JSON.parse(require("fs").readFileSync(0)).result.sites.map(({ name }) => name).join("\n")' <<<"$answer")
fi
[ -n "$sites" ] || change npx --yes firebase-tools hosting:sites:create "$project" "--project=$project" --non-interactive

# A revision whose image was deleted cannot start again, so a rollback needs the images of some deployments.
# The Firebase CLI proposes to keep them for a day; where a policy is set it proposes nothing.
registries=$(list artifactregistry.googleapis.com gcloud artifacts repositories list "--location=$region" \
  --format='value(name.basename())')
image_policies=''
if has "$registries" gcf-artifacts; then
  image_policies=$(gcloud artifacts repositories list-cleanup-policies gcf-artifacts "--location=$region" \
    --format='value(name)')
else
  change gcloud artifacts repositories create gcf-artifacts --repository-format=docker "--location=$region"
fi
if [ -z "$image_policies" ]; then
  change gcloud artifacts repositories set-cleanup-policies gcf-artifacts "--location=$region" \
    "--policy=$here/image-cleanup.json" --no-dry-run
elif ! has "$image_policies" keep-for-rollback; then
  later "gcf-artifacts deletes images by the policies $(tr '\n' ' ' <<<"$image_policies"): does it keep what a rollback needs?"
fi

# shellcheck source=infra/github.sh
. "$here/github.sh"
# shellcheck source=infra/monitoring.sh
. "$here/monitoring.sh"
# shellcheck source=infra/audit-log.sh
. "$here/audit-log.sh"

if [ -n "$budget" ]; then
  billing=$(list cloudbilling.googleapis.com gcloud billing projects describe "$project" --format='value(billingAccountName)')
  billing=${billing#billingAccounts/}
  budgets=''
  if [ -n "$billing" ] && has "$enabled" billingbudgets.googleapis.com; then
    budgets=$(gcloud billing budgets list "--billing-account=$billing" --format='value(displayName)')
  fi
  has "$budgets" "Tiki bridge, $project" ||
    change gcloud billing budgets create "--billing-account=${billing:-<billing account>}" \
      "--display-name=Tiki bridge, $project" "--budget-amount=$budget" "--filter-projects=projects/$project" \
      --threshold-rule=percent=0.5 --threshold-rule=percent=0.9 --threshold-rule=percent=1.0
fi

case $count in
  0) echo 'Nothing to change.' ;;
  *) if $apply; then echo "Done: $count changes."; else echo "$count changes. Nothing was changed: run it again with --apply."; fi ;;
esac
if [ -n "$left" ]; then printf 'Left for you:\n%s' "$left"; fi
$complete
