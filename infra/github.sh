# shellcheck shell=bash disable=SC2154 # the variables of setup.sh, which reads this file
# Lets one repository of GitHub deploy, without a key: tokens of its jobs are accepted as the account
# tiki-deployer.

[ -n "$repository" ] || return 0
issuer=https://token.actions.githubusercontent.com
# A repository's name can be taken by somebody else after a rename, its id cannot. Each workflow on main can
# ask for a token, also one that a comment starts; only a job in the environment waits for its reviewers.
# Not `sub`, which has another form in repositories created since July 2026.
wanted="assertion.repository_id == '$repository' && assertion.environment == 'production' && assertion.ref == 'refs/heads/main'"
# A pool of its own: in one that others use, another provider could accept other tokens.
pool=projects/$number/locations/global/workloadIdentityPools/tiki-bridge
pools=$(list iam.googleapis.com gcloud iam workload-identity-pools list --location=global --format='value(name)')
has "$pools" "$pool" || change gcloud iam workload-identity-pools create tiki-bridge --location=global
providers=''
if has "$pools" "$pool"; then
  providers=$(gcloud iam workload-identity-pools providers list \
    --workload-identity-pool=tiki-bridge --location=global --format='value(name)')
fi
accepted="$issuer $wanted"
if has "$providers" "$pool/providers/github"; then
  accepted=$(gcloud iam workload-identity-pools providers describe github --workload-identity-pool=tiki-bridge \
    --location=global --format='value[separator=" "](oidc.issuerUri,attributeCondition)')
else
  change gcloud iam workload-identity-pools providers create-oidc github \
    --workload-identity-pool=tiki-bridge --location=global "--issuer-uri=$issuer" \
    --attribute-mapping=google.subject=assertion.sub,attribute.repository_id=assertion.repository_id \
    "--attribute-condition=$wanted"
fi
strangers=$(grep -vxF "$pool/providers/github" <<<"$providers" | tr '\n' ' ' || true)
if [ "$accepted" != "$issuer $wanted" ]; then
  later "the provider github accepts other tokens ($accepted), so it is not allowed to deploy. If nobody else needs it: $(
    quoted gcloud iam workload-identity-pools providers update-oidc github --workload-identity-pool=tiki-bridge \
      --location=global "--issuer-uri=$issuer" "--attribute-condition=$wanted"
  ); then $0 again"
elif [ -n "${strangers// /}" ]; then
  later "the pool tiki-bridge has other providers (${strangers% }), which may accept other tokens: delete them; then $0 again"
else
  deployer=$(address tiki-deployer)
  member="principalSet://iam.googleapis.com/$pool/attribute.repository_id/$repository"
  present=''
  if has "$accounts" "$deployer"; then
    present=$(policy_of gcloud iam service-accounts get-iam-policy "$deployer")
  fi
  has "$present" "roles/iam.workloadIdentityUser $member" ||
    change_soon gcloud iam service-accounts add-iam-policy-binding "$deployer" \
      --role=roles/iam.workloadIdentityUser "--member=$member"
  later "in GitHub, variables of the repository: GCP_PROJECT=$project and GCP_PROVIDER=$pool/providers/github"
fi
