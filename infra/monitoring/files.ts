import { ALERTS } from './alerts';
import { DASHBOARD } from './dashboard';
import { METRICS, SERVICE, SERVICE_ID, SLOS } from './metrics';

/** What Google's APIs take, by the path of its file in this folder: one file for each resource. */
export function monitoringFiles(): ReadonlyMap<string, object> {
  const files = new Map<string, object>();
  for (const [name, metric] of Object.entries(METRICS)) {
    files.set(`metrics/${name}.json`, { name, ...metric });
  }
  files.set(`services/${SERVICE_ID}.json`, SERVICE);
  for (const [name, slo] of Object.entries(SLOS)) files.set(`slos/${name}.json`, slo);
  for (const [name, policy] of Object.entries(ALERTS)) files.set(`alerts/${name}.json`, policy);
  files.set('dashboards/tiki-bridge.json', DASHBOARD);
  return files;
}
