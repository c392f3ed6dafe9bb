resource "google_firestore_database" "default" {
  count                   = var.firestore ? 1 : 0
  name                    = "(default)"
  location_id             = var.region
  type                    = "FIRESTORE_NATIVE"
  delete_protection_state = "DELETE_PROTECTION_ENABLED"
  depends_on              = [google_project_service.api]
}

# The indexes are deployed by the Firebase CLI, from the same file.
resource "google_firestore_field" "ttl" {
  for_each = {
    for field in jsondecode(file("${path.module}/../../firestore.indexes.json")).fieldOverrides :
    field.collectionGroup => field.fieldPath
    if try(field.ttl, false) && var.firestore
  }
  database   = google_firestore_database.default[0].name
  collection = each.key
  field      = each.value

  ttl_config {}

  lifecycle {
    ignore_changes = [index_config]
  }
}

# A revision whose image was deleted cannot start again, so a rollback needs the images of some deployments.
resource "google_artifact_registry_repository" "images" {
  repository_id = "gcf-artifacts"
  location      = var.region
  format        = "DOCKER"

  dynamic "cleanup_policies" {
    for_each = jsondecode(file("${path.module}/../image-cleanup.json"))
    content {
      id     = cleanup_policies.value.name
      action = upper(cleanup_policies.value.action.type)

      dynamic "most_recent_versions" {
        for_each = try([cleanup_policies.value.mostRecentVersions], [])
        content {
          keep_count = most_recent_versions.value.keepCount
        }
      }

      dynamic "condition" {
        for_each = try([cleanup_policies.value.condition], [])
        content {
          tag_state  = upper(condition.value.tagState)
          older_than = condition.value.olderThan
        }
      }
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_firebase_hosting_site" "site" {
  count      = var.hosting_site == "" ? 0 : 1
  provider   = google-beta
  project    = var.project
  site_id    = var.hosting_site
  depends_on = [google_project_service.api]
}

resource "google_billing_budget" "bridge" {
  count           = var.budget > 0 ? 1 : 0
  billing_account = var.billing_account
  display_name    = "Tiki bridge, ${var.project}"

  budget_filter {
    projects = ["projects/${var.project}"]
  }

  amount {
    specified_amount {
      units = var.budget
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]
    content {
      threshold_percent = threshold_rules.value
    }
  }

  lifecycle {
    precondition {
      condition     = var.billing_account != ""
      error_message = "The budget needs billing_account."
    }
  }

  depends_on = [google_project_service.api]
}
