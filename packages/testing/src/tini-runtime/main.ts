import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import {
  type Payment,
  PAYMENT_OUTCOMES,
  type PaymentOutcome,
  type PaymentResult,
} from '@tiki-bridge/tiki-simulator/payment';
import { PROJECT_ID, readFirebaseJson } from '../emulators/project-files';
import { LOOPBACK } from '../emulators/ports';
import { buildClient } from './client-build';
import { payAtTiki } from './pay-at-tiki';
import { createPhone, type Customer, type Phone } from './phone';
import { buildProgram, openProgram, type Page, type Program } from './program';
import { loopbackTransport } from './transport';

const HELP = `npm run tini-app -- <folder of your app> <its baseUrl> [options]

Runs the app.js and the pages of a mini program beside a running npm start, in a JavaScript environment
as bare as Tiki's. Requests to baseUrl go to npm start; auth codes come from its Tiki simulator, where
orders are paid too. The app's projectId must be ${PROJECT_ID}.

  --hosting <origin>    default http://${LOOPBACK}:5002
  --simulator <origin>  default http://${LOOPBACK}:9010
  --customer <id>       who is logged in to Tiki; default 1001
  --help                this text`;

const COMMANDS = `open <page>               opens a page of app.json
call <handler> [event]    calls a handler of the page; the event is JSON
pay <outcome>             what the customer does from now on when asked to pay:
                          ${PAYMENT_OUTCOMES.join(', ')}
customer <id> | none      logs another customer in to Tiki, and returns to the app
show                      returns to the app
data                      prints the page's data
exit`;

const print = (text: string) => {
  process.stdout.write(`${text}\n`);
};

const customerOf = (id: string): Customer => ({ id, name: `Khách hàng ${id}` });

/** A request to the simulator's control API. Resolves to its documented answer. */
async function control(simulator: string, path: string, input: unknown): Promise<unknown> {
  const answer = await fetch(`${simulator}/simulator${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return await answer.json();
}

/** As Tiki's app does for `my.getAuthCode`. */
async function issueAuthCode(
  simulator: string,
  customer: Customer,
  scopes: readonly string[],
): Promise<string> {
  const asked = { customerId: customer.id, customerName: customer.name, scopes };
  const answer = await control(simulator, '/auth-codes', asked);
  return (answer as { readonly authCode: string }).authCode;
}

async function requireRunning(origins: readonly string[]): Promise<void> {
  for (const origin of origins) {
    await fetch(origin, { method: 'HEAD' }).catch(() => {
      throw new Error(`Nothing answers at ${origin}. In another terminal, run: npm start`);
    });
  }
}

/** Functions of `my` that only exist on a phone: named in the terminal once, and failing. */
function notSimulated(my: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const named = new Set<string>();
  return new Proxy(my, {
    get: (target, name) => {
      if (name in target || typeof name === 'symbol') return Reflect.get(target, name) as unknown;
      return (options?: { readonly fail?: (error: unknown) => void }) => {
        if (!named.has(name)) print(`my.${name} is not simulated`);
        named.add(name);
        options?.fail?.({ error: 'not simulated' });
      };
    },
  });
}

/** One opened app, driven by lines such as `open pages/home/index`. */
function createConsole(
  program: Program,
  phone: Pick<Phone, 'customer'>,
  chooseOutcome: (outcome: PaymentOutcome) => void,
) {
  let page: Page | undefined;
  return async (line: string): Promise<void> => {
    const [, command = '', argument = '', event] = /^\s*(\S*)\s*(\S*)\s*(.*)$/.exec(line) ?? [];
    switch (command) {
      case '':
        return;
      case 'open':
        page = await program.openPage(argument);
        return;
      case 'call':
        if (!page) throw new Error('Open a page first.');
        await page.call(argument, ...(event ? [JSON.parse(event) as unknown] : []));
        return;
      case 'pay': {
        const outcome = PAYMENT_OUTCOMES.find((known) => known === argument);
        if (!outcome) throw new Error(`Choose one of ${PAYMENT_OUTCOMES.join(', ')}.`);
        chooseOutcome(outcome);
        return;
      }
      case 'customer':
        phone.customer = argument === 'none' ? undefined : customerOf(argument);
        program.show();
        return;
      case 'show':
        program.show();
        return;
      case 'data':
        print(JSON.stringify(page?.data ?? {}, null, 2));
        return;
      default:
        print(COMMANDS);
    }
  };
}

interface Options {
  readonly folder: string;
  readonly baseUrl: string;
  readonly hosting: string;
  readonly simulator: string;
  readonly customer: string;
}

/** Undefined for --help. Throws an error for the user if the arguments are invalid. */
function parseCommandLine(args: string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      hosting: {
        type: 'string',
        default: `http://${LOOPBACK}:${readFirebaseJson().emulators.hosting.port}`,
      },
      simulator: { type: 'string', default: `http://${LOOPBACK}:9010` },
      customer: { type: 'string', default: '1001' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [folder, baseUrl, ...more] = positionals;
  if (folder === undefined || baseUrl === undefined || more.length > 0) throw new Error(HELP);
  if (!/^https:\/\/[^/]+$/.test(baseUrl)) {
    throw new Error(`baseUrl must be like https://app.example.vn, not ${baseUrl}`);
  }
  // npm runs scripts in the package's folder and says where it was called.
  const app = path.resolve(process.env['INIT_CWD'] ?? '.', folder);
  if (!existsSync(path.join(app, 'src', 'app.json'))) {
    throw new Error(`${app} has no src/app.json: name the folder of your app.`);
  }
  return { ...values, folder: app, baseUrl };
}

async function main(): Promise<void> {
  const options = parseCommandLine(process.argv.slice(2));
  if (!options) {
    print(HELP);
    return;
  }
  const { folder, baseUrl, hosting, simulator, customer } = options;
  await requireRunning([hosting, simulator]);
  const client = buildClient();
  const build = buildProgram(folder, client.folder);
  const phone = createPhone({
    domains: [baseUrl],
    transport: loopbackTransport(baseUrl, hosting),
    issueAuthCode: (who, scopes) => issueAuthCode(simulator, who, scopes),
    customer: customerOf(customer),
  });
  const shop = {
    pay: async (payment: Payment) =>
      (await control(simulator, '/payments', payment)) as PaymentResult,
  };
  const chooseOutcome = (outcome: PaymentOutcome) => {
    phone.pay = payAtTiki(shop, phone, outcome);
  };
  chooseOutcome('paid');
  const program = await openProgram(build, phone, {
    extendMy: notSimulated,
    onSetData: (changes) => {
      print(`setData ${JSON.stringify(changes)}`);
    },
  });
  build.remove();
  client.remove();
  print(`${baseUrl} is ${hosting}. Pages: ${build.pages.join(', ')}\n${COMMANDS}`);

  const say = (error: unknown) => {
    print(error instanceof Error ? error.message : String(error));
  };
  // The app's own, such as a forgotten catch. A phone goes on as well.
  process.on('unhandledRejection', say);
  const carryOut = createConsole(program, phone, chooseOutcome);
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    if (line.trim() === 'exit') break;
    await carryOut(line).catch(say);
  }
  lines.close();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
