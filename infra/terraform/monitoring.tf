# The files of infra/monitoring, which are in the formats of Google's APIs.
locals {
  monitoring = {
    for kind in ["metrics", "services", "slos", "alerts", "dashboards"] : kind => {
      for file in fileset("${path.module}/../monitoring/${kind}", "*.json") :
      trimsuffix(file, ".json") => jsondecode(replace(replace(
        file("${path.module}/../monitoring/${kind}/${file}"), "PROJECT_ID", var.project,
      ), "SERVICE_PREFIX", lower(var.prefix)))
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  count        = var.email == "" ? 0 : 1
  display_name = "Tiki bridge"
  type         = "email"
  labels       = { email_address = var.email }
  depends_on   = [google_project_service.api]
}

resource "google_logging_metric" "metric" {
  for_each         = local.monitoring.metrics
  name             = each.key
  description      = try(each.value.description, null)
  filter           = each.value.filter
  value_extractor  = try(each.value.valueExtractor, null)
  label_extractors = try(each.value.labelExtractors, null)

  metric_descriptor {
    metric_kind = try(each.value.metricDescriptor.metricKind, "DELTA")
    value_type  = try(each.value.metricDescriptor.valueType, "INT64")
    unit        = try(each.value.metricDescriptor.unit, "1")

    dynamic "labels" {
      for_each = try(each.value.metricDescriptor.labels, [])
      content {
        key         = labels.value.key
        value_type  = try(labels.value.valueType, "STRING")
        description = try(labels.value.description, null)
      }
    }
  }

  dynamic "bucket_options" {
    for_each = try([each.value.bucketOptions.explicitBuckets], [])
    content {
      explicit_buckets {
        bounds = bucket_options.value.bounds
      }
    }
  }

  depends_on = [google_project_service.api]
}

# A new metric can be used only after some minutes; until then, whatever refers to it is refused.
resource "time_sleep" "metrics" {
  create_duration = "10m"
  triggers        = { metrics = join(" ", keys(local.monitoring.metrics)) }
  depends_on      = [google_logging_metric.metric]
}

resource "google_monitoring_custom_service" "service" {
  for_each     = local.monitoring.services
  service_id   = each.key
  display_name = each.value.displayName
  depends_on   = [google_project_service.api]
}

resource "google_monitoring_slo" "objective" {
  for_each            = length(local.monitoring.services) > 0 ? local.monitoring.slos : {}
  service             = one(values(google_monitoring_custom_service.service)).service_id
  slo_id              = each.key
  display_name        = each.value.displayName
  goal                = each.value.goal
  rolling_period_days = tonumber(trimsuffix(each.value.rollingPeriod, "s")) / 86400

  request_based_sli {
    dynamic "good_total_ratio" {
      for_each = try([each.value.serviceLevelIndicator.requestBased.goodTotalRatio], [])
      content {
        total_service_filter = try(good_total_ratio.value.totalServiceFilter, null)
        good_service_filter  = try(good_total_ratio.value.goodServiceFilter, null)
        bad_service_filter   = try(good_total_ratio.value.badServiceFilter, null)
      }
    }

    dynamic "distribution_cut" {
      for_each = try([each.value.serviceLevelIndicator.requestBased.distributionCut], [])
      content {
        distribution_filter = distribution_cut.value.distributionFilter

        range {
          min = try(distribution_cut.value.range.min, null)
          max = try(distribution_cut.value.range.max, null)
        }
      }
    }
  }

  depends_on = [time_sleep.metrics]
}

resource "google_monitoring_alert_policy" "alert" {
  for_each              = local.monitoring.alerts
  display_name          = each.value.displayName
  combiner              = each.value.combiner
  severity              = try(each.value.severity, null)
  user_labels           = try(each.value.userLabels, null)
  notification_channels = google_monitoring_notification_channel.email[*].name

  documentation {
    content   = try(each.value.documentation.content, null)
    mime_type = try(each.value.documentation.mimeType, "text/markdown")
  }

  dynamic "conditions" {
    for_each = each.value.conditions
    content {
      display_name = conditions.value.displayName

      dynamic "condition_matched_log" {
        for_each = try([conditions.value.conditionMatchedLog], [])
        content {
          filter = condition_matched_log.value.filter
        }
      }

      dynamic "condition_threshold" {
        for_each = try([conditions.value.conditionThreshold], [])
        content {
          filter          = condition_threshold.value.filter
          comparison      = condition_threshold.value.comparison
          threshold_value = try(condition_threshold.value.thresholdValue, null)
          duration        = condition_threshold.value.duration

          denominator_filter = try(condition_threshold.value.denominatorFilter, null)

          dynamic "aggregations" {
            for_each = try(condition_threshold.value.aggregations, [])
            content {
              alignment_period     = try(aggregations.value.alignmentPeriod, null)
              per_series_aligner   = try(aggregations.value.perSeriesAligner, null)
              cross_series_reducer = try(aggregations.value.crossSeriesReducer, null)
              group_by_fields      = try(aggregations.value.groupByFields, null)
            }
          }

          dynamic "denominator_aggregations" {
            for_each = try(condition_threshold.value.denominatorAggregations, [])
            content {
              alignment_period     = try(denominator_aggregations.value.alignmentPeriod, null)
              per_series_aligner   = try(denominator_aggregations.value.perSeriesAligner, null)
              cross_series_reducer = try(denominator_aggregations.value.crossSeriesReducer, null)
              group_by_fields      = try(denominator_aggregations.value.groupByFields, null)
            }
          }

          dynamic "trigger" {
            for_each = try([condition_threshold.value.trigger], [])
            content {
              count   = try(trigger.value.count, null)
              percent = try(trigger.value.percent, null)
            }
          }
        }
      }
    }
  }

  alert_strategy {
    auto_close = try(each.value.alertStrategy.autoClose, null)

    dynamic "notification_rate_limit" {
      for_each = try([each.value.alertStrategy.notificationRateLimit], [])
      content {
        period = notification_rate_limit.value.period
      }
    }
  }

  depends_on = [google_monitoring_slo.objective, time_sleep.metrics]
}

resource "google_monitoring_dashboard" "dashboard" {
  for_each       = local.monitoring.dashboards
  dashboard_json = jsonencode(each.value)
  depends_on     = [time_sleep.metrics]
}
