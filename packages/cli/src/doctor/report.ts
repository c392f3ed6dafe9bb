import { Help } from 'commander';
import pc from 'picocolors';
import { printable } from '../printable';
import type { Area, Check } from './check';
import type { Subject } from './facts';
import type { Finding, State } from './finding';

const TITLE_WIDTH = 20;
const INDENT = ' '.repeat(TITLE_WIDTH + 5);

export interface Report {
  readonly start: (subject: Subject | undefined) => void;
  readonly add: (finding: Finding, check: Check) => void;
  readonly end: (findings: readonly Finding[]) => void;
}

export interface Paper {
  readonly write: (text: string) => void;
  readonly colours: boolean;
  /** Characters in a line. */
  readonly columns: number;
}

function count(findings: readonly Finding[], state: State): number {
  return findings.filter((finding) => finding.state === state).length;
}

/** A list for people, printed as the checks finish. */
export function listReport({ write, colours, columns }: Paper): Report {
  const style = pc.createColors(colours);
  const marks: Readonly<Record<State, string>> = {
    ok: style.green('✓'),
    warning: style.yellow('!'),
    failed: style.red('✗'),
    'not-checked': style.dim('–'),
  };
  const line = (text = '') => {
    write(`${text}\n`);
  };
  let area: Area | undefined;
  return {
    start: (subject) => {
      const what = subject ? `${subject.projectId}, ${subject.region}` : 'this machine';
      line(`\n  ${style.bold('Doctor')} ${style.dim('·')} ${what}`);
    },
    add: ({ state, message, remedy }, check) => {
      if (check.area !== area) line(`\n  ${style.dim(check.area)}`);
      area = check.area;
      const said = printable(state === 'not-checked' ? `not checked: ${message}` : message);
      const wrapped = new Help().boxWrap(said, columns - INDENT.length);
      const lines = wrapped.replaceAll('\n', `\n${INDENT}`);
      line(`  ${marks[state]} ${check.title.padEnd(TITLE_WIDTH)} ${lines}`);
      // Never wrapped, so that it can be copied.
      for (const command of remedy?.split('\n') ?? []) {
        const isComment = command.startsWith('#');
        line(`      ${(isComment ? style.dim : style.cyan)(printable(command))}`);
      }
    },
    end: (findings) => {
      const failures = count(findings, 'failed');
      const warnings = count(findings, 'warning');
      const summary = [
        `${count(findings, 'ok')} ok`,
        warnings === 1 ? '1 warning' : `${warnings} warnings`,
        `${failures} failed`,
        `${count(findings, 'not-checked')} not checked`,
      ].join(', ');
      line(`\n  ${failures > 0 ? style.red(summary) : style.green(summary)}\n`);
    },
  };
}
