# Which functions, roles and secrets there are is in access.json, as for setup.sh.
locals {
  access        = jsondecode(file("${path.module}/../access.json"))
  chosen        = setunion(var.premium ? ["login", "premium"] : ["login"], var.features)
  secret_prefix = startswith(var.prefix, "kit-") ? var.prefix : ""

  functions = {
    for name, one in local.access.functions : name => one.account
    if contains(local.chosen, one.feature)
  }
  # A grant is needed if both its function and what it is for are there.
  grants = {
    for grant in local.access.grants :
    "${grant.function} ${grant.role} ${grant.on}" => merge(grant, { account = local.functions[grant.function] })
    if contains(local.chosen, grant.feature) && contains(keys(local.functions), grant.function)
  }
  secrets = toset([
    for one in local.access.secrets : one.secret
    if length(setintersection(one.features, local.chosen)) > 0
  ])
  custom_roles = {
    for one in local.access.customRoles : one.role => one.permissions
    if contains(local.chosen, one.feature)
  }
  apis = toset(concat(
    [for one in local.access.apis : one.api if contains(local.chosen, one.feature)],
    var.budget > 0 ? ["cloudbilling.googleapis.com", "billingbudgets.googleapis.com"] : [],
  ))
}

resource "google_project_service" "api" {
  provider           = google.before_apis
  for_each           = local.apis
  service            = each.value
  disable_on_destroy = false
}

resource "google_service_account" "function" {
  for_each    = local.functions
  account_id  = each.value
  description = "Function ${each.key} of the bridge"
  depends_on  = [google_project_service.api]
}

resource "google_project_iam_custom_role" "role" {
  for_each    = local.custom_roles
  role_id     = each.key
  title       = each.key
  permissions = each.value
  depends_on  = [google_project_service.api]
}

resource "google_project_iam_member" "function" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "project" }
  project  = var.project
  role     = startswith(each.value.role, "roles/") ? each.value.role : google_project_iam_custom_role.role[each.value.role].id
  member   = google_service_account.function[each.value.function].member
}

data "google_project" "project" {
  provider = google.before_apis
}

# Builds of functions run as this account. Enabling Cloud Run creates it; it may have no role, see infra/setup.sh.
resource "google_project_iam_member" "builder" {
  project    = var.project
  role       = local.access.builder.role
  member     = "serviceAccount:${data.google_project.project.number}-compute@developer.gserviceaccount.com"
  depends_on = [google_project_service.api]
}

resource "google_service_account_iam_member" "itself" {
  for_each           = { for key, grant in local.grants : key => grant if grant.on == "itself" }
  service_account_id = google_service_account.function[each.value.function].name
  role               = each.value.role
  member             = google_service_account.function[each.value.function].member
}

# Their values are added by command, so that none is in Terraform's state.
resource "google_secret_manager_secret" "secret" {
  for_each  = local.secrets
  secret_id = "${local.secret_prefix}${each.value}"
  # Tells the Firebase CLI that the secret belongs to functions.
  labels = { firebase-managed = "functions" }

  replication {
    auto {}
  }

  depends_on = [google_project_service.api]
}

resource "google_secret_manager_secret_iam_member" "function" {
  for_each  = { for key, grant in local.grants : key => grant if contains(local.secrets, grant.on) }
  secret_id = google_secret_manager_secret.secret[each.value.on].id
  role      = each.value.role
  member    = google_service_account.function[each.value.function].member
}

# A function of the second generation has a Cloud Run service of its name in lower case.
resource "google_cloud_run_v2_service_iam_member" "its_service" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "its service" && var.deployed }
  name     = lower("${var.prefix}${each.value.function}")
  location = var.region
  role     = each.value.role
  member   = google_service_account.function[each.value.function].member
}

resource "google_cloud_run_v2_service_iam_member" "private_service" {
  for_each = { for key, grant in local.grants : key => grant if grant.on == "the private service" && var.private_service != "" }
  name     = var.private_service
  location = var.region
  role     = each.value.role
  member   = google_service_account.function[each.value.function].member
}
