import type { RunningBridge } from '@tiki-bridge/testing/emulators/bridge';
import { logIn, type TikiCustomer } from '@tiki-bridge/testing/emulators/login';
import type { Terminal } from './terminal';

/** An id above 2^53 on purpose: a parser that rounds it logs in somebody else. */
const CUSTOMER: TikiCustomer = {
  customerId: '9007199254740993',
  customerName: 'Nguyễn Văn Tiki',
};

/** One login, printed step by step. Throws with the reason when it fails. */
export async function showOneLogin(bridge: RunningBridge, terminal: Terminal): Promise<void> {
  const { style } = terminal;
  let number = 0;
  terminal.line();
  const login = await logIn(bridge, CUSTOMER, ({ title, ms, details }) => {
    number += 1;
    const time = style.dim(`${ms.toFixed(0)} ms`.padStart(8));
    terminal.line(`  ${style.cyan(String(number))} ${title.padEnd(44)}${time}`);
    for (const detail of details) terminal.line(`      ${detail}`);
  });
  terminal.line();
  terminal.line(style.green(`Logged in as ${login.customerName} (${login.uid})`));
}
