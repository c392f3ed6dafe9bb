import { sh } from '../../../../../functions/src/operator';
import type { Nothing } from '../ask';
import { failed, notChecked, type Verdict } from '../finding';

/**
 * Certificates that no phone accepts. Excludes SELF_SIGNED_CERT_IN_CHAIN and an unknown issuer,
 * because a company's TLS proxy causes these.
 */
const BAD_CERTIFICATE =
  /^(?:CERT_\w+|ERR_TLS_CERT_\w+|HOSTNAME_MISMATCH|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/;

/**
 * The verdict if an address does not answer: a failure only if the fault is certainly its own.
 *
 * @param fix Follows the command that shows the fault.
 */
export function deadEnd({ why, code = '' }: Nothing, origin: string, fix: string): Verdict {
  const { host, hostname } = new URL(origin);
  if (code === 'ENOTFOUND') {
    return failed(
      `the name ${hostname} has no address (ENOTFOUND)`,
      `${sh`nslookup ${hostname}`}\n${fix}`,
    );
  }
  const show = sh`curl -vI ${origin}`;
  if (code === 'ECONNREFUSED') {
    return failed(`nobody listens at ${host} (ECONNREFUSED)`, `${show}\n${fix}`);
  }
  if (BAD_CERTIFICATE.test(code)) {
    const clock = code.startsWith('CERT_') ? '   # is the clock of this machine right?' : '';
    return failed(
      `the certificate of ${host} is not accepted (${code})`,
      `${show}${clock}\n${fix}`,
    );
  }
  return notChecked(`${why} from ${origin}`);
}

/** Where the state of a domain and its certificate is shown. */
export function connectDomain(projectId: string): string {
  return (
    '# is it connected, and its certificate ready?\n' +
    `# https://console.firebase.google.com/project/${projectId}/hosting/sites`
  );
}
