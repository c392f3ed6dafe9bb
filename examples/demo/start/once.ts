import type { RunningBridge } from '@tiki-bridge/testing/emulators/bridge';
import { logIn, type TikiCustomer } from '@tiki-bridge/testing/emulators/login';
import type { Terminal } from './terminal';

/** An id above 2^53, because a parser that rounds it would log in another customer. */
const CUSTOMER: TikiCustomer = {
  customerId: '9007199254740993',
  customerName: 'Nguyễn Văn Tiki',
};

/** Runs one login and prints each step. Throws with the reason if it fails. */
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
