import { isDeepStrictEqual } from 'node:util';
import { write, type LogEntry } from 'firebase-functions/logger';
import { AS_HERE, asDeployed, deployedAs } from '../deployed-as';

/** An entry whose remedy has the names of this deployment in it. */
function withNames(entry: LogEntry, nameIn: (text: string) => string): LogEntry {
  const operator: unknown = entry['operator'];
  if (typeof operator !== 'object' || operator === null) return entry;
  const remedy: unknown = Reflect.get(operator, 'remedy');
  if (typeof remedy !== 'string') return entry;
  return { ...entry, operator: { ...operator, remedy: nameIn(remedy) } };
}

/**
 * Writes entries to Cloud Logging.
 *
 * @param output Replaces Cloud Logging in tests.
 */
export function logFor(
  env: Readonly<Record<string, string | undefined>>,
  output: (entry: LogEntry) => void = write,
): (entry: LogEntry) => void {
  const deployed = deployedAs(env, __dirname);
  if (isDeepStrictEqual(deployed, AS_HERE)) return output;
  const nameIn = (text: string): string => asDeployed(text, deployed);
  return (entry) => {
    output(withNames(entry, nameIn));
  };
}
