# Deployments from GitHub Actions, without a key: docs/infrastructure.md.
locals {
  github = contains(local.chosen, "github")
}

resource "google_iam_workload_identity_pool" "github" {
  count                     = local.github ? 1 : 0
  workload_identity_pool_id = "tiki-bridge"
  depends_on                = [google_project_service.api]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  count                              = local.github ? 1 : 0
  workload_identity_pool_id          = google_iam_workload_identity_pool.github[0].workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_mapping = {
    "google.subject"          = "assertion.sub"
    "attribute.repository_id" = "assertion.repository_id"
  }
  # As in infra/github.sh, which says why.
  attribute_condition = "assertion.repository_id == '${var.github_repository_id}' && assertion.environment == 'production' && assertion.ref == 'refs/heads/main'"

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }

  lifecycle {
    precondition {
      condition     = var.github_repository_id != ""
      error_message = "The feature github needs github_repository_id."
    }
  }
}

resource "google_service_account" "deployer" {
  count       = local.github ? 1 : 0
  account_id  = local.access.deployer.account
  description = "Deploys the bridge from GitHub Actions"
  depends_on  = [google_project_service.api]
}

resource "google_service_account_iam_member" "github" {
  count              = local.github ? 1 : 0
  service_account_id = google_service_account.deployer[0].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github[0].name}/attribute.repository_id/${var.github_repository_id}"
}

resource "google_project_iam_member" "deployer" {
  for_each = toset([for one in local.access.deployer.roles : one.role if one.on == "project" && local.github])
  project  = var.project
  role     = each.value
  member   = google_service_account.deployer[0].member
}

resource "google_service_account_iam_member" "deployer" {
  for_each           = local.github ? local.functions : {}
  service_account_id = google_service_account.function[each.key].name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.deployer[0].member
}

output "github_provider" {
  description = "GCP_PROVIDER of the GitHub repository's variables"
  value       = local.github ? google_iam_workload_identity_pool_provider.github[0].name : null
}
