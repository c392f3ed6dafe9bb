# Keeps the entries of logins as long as the audit trail in Firestore, as infra/audit-log.sh does.
resource "google_logging_project_bucket_config" "audit" {
  project        = var.project
  location       = "global"
  bucket_id      = "tiki-bridge-audit"
  description    = "Logins of the Tiki bridge"
  retention_days = 400
  depends_on     = [google_project_service.api]
}

# A sink into a bucket of its own project needs no further rights.
resource "google_logging_project_sink" "audit" {
  name                   = "tiki-bridge-audit"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.audit.id}"
  filter                 = "resource.type=\"cloud_run_revision\" AND jsonPayload.requestId:* AND jsonPayload.route=(\"auth_exchange\" OR \"auth_refresh\" OR \"session.hand_over\" OR \"session.trade\" OR \"session.sign_in\" OR \"session.sign_out\")"
  unique_writer_identity = true
}
