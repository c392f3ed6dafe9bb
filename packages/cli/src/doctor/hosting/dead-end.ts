import type { Nothing } from '../ask';
import { failed, notChecked, type Verdict } from '../finding';

/**
 * Certificates that no phone accepts either. SELF_SIGNED_CERT_IN_CHAIN and an issuer that is unknown
 * here are left out: so it looks behind a company's proxy, where the fault is not the domain's.
 */
const BAD_CERTIFICATE =
  /^(?:CERT_\w+|ERR_TLS_CERT_\w+|HOSTNAME_MISMATCH|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/;

/**
 * What it means that nothing came from an address: a fault of the address, where that is certain.
 *
 * @param mend Comes after the command that shows the fault.
 */
export function deadEnd({ why, code = '' }: Nothing, origin: string, mend: string): Verdict {
  const { host, hostname } = new URL(origin);
  if (code === 'ENOTFOUND') {
    return failed(
      `the name ${hostname} has no address (ENOTFOUND)`,
      `nslookup ${hostname}\n${mend}`,
    );
  }
  const show = `curl -vI ${origin}`;
  if (code === 'ECONNREFUSED') {
    return failed(`nobody listens at ${host} (ECONNREFUSED)`, `${show}\n${mend}`);
  }
  if (BAD_CERTIFICATE.test(code)) {
    const clock = code.startsWith('CERT_') ? '   # is the clock of this machine right?' : '';
    return failed(
      `the certificate of ${host} is not accepted (${code})`,
      `${show}${clock}\n${mend}`,
    );
  }
  return notChecked(`${why} from ${origin}`);
}

/** Where a domain is connected, and how far its certificate is. */
export function connectDomain(projectId: string): string {
  return (
    '# is it connected, and its certificate ready?\n' +
    `# https://console.firebase.google.com/project/${projectId}/hosting/sites`
  );
}
