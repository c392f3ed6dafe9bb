import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;
const ERASE_LINE = '\r\u001b[2K';
const TITLE_WIDTH = 44;

export interface Terminal {
  readonly line: (text?: string) => void;
  /** Shows that a step is running, until `done`, `skipped` or `failed`. */
  readonly start: (title: string) => void;
  readonly done: () => void;
  readonly skipped: (note: string) => void;
  readonly failed: () => void;
  readonly box: (lines: readonly string[]) => void;
  readonly style: ReturnType<typeof pc.createColors>;
}

export interface TerminalOptions {
  /** A terminal, or another stream without `isTTY`. */
  readonly stream: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly env: NodeJS.ProcessEnv;
  /** Monotonic clock, ms. */
  readonly now: () => number;
  /** After the name of a skipped step. */
  readonly skippedText: string;
}

/** The width of a text without colour codes. Assumes no double-width characters. */
function visibleWidth(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Spinners on a terminal, plain lines elsewhere; colours unless NO_COLOR is set. */
export function createTerminal({ stream, env, now, skippedText }: TerminalOptions): Terminal {
  const isTerminal = stream.isTTY === true && env['TERM'] !== 'dumb';
  const animated = isTerminal && !env['CI'];
  const style = pc.createColors(isTerminal && !env['NO_COLOR']);
  let current: { title: string; startedAt: number; timer: NodeJS.Timeout | undefined } | undefined;

  const line = (text = '') => void stream.write(`${text}\n`);

  function settle(mark: string, note = ''): void {
    if (current === undefined) return;
    clearInterval(current.timer);
    const seconds = `${((now() - current.startedAt) / 1000).toFixed(1)} s`.padStart(7);
    const text = `  ${mark} ${current.title.padEnd(TITLE_WIDTH)}${style.dim(seconds)}`;
    line(`${animated ? ERASE_LINE : ''}${text}${note ? `  ${note}` : ''}`);
    current = undefined;
  }

  return {
    style,
    line,
    start: (title) => {
      const startedAt = now();
      let frame = 0;
      const draw = () => {
        const seconds = Math.floor((now() - startedAt) / 1000);
        const spinner = style.cyan(FRAMES[frame++ % FRAMES.length] ?? '');
        const waited = seconds > 0 ? style.dim(` ${seconds} s`) : '';
        stream.write(`${ERASE_LINE}  ${spinner} ${title}${waited}`);
      };
      current = { title, startedAt, timer: animated ? setInterval(draw, FRAME_MS) : undefined };
      // A spinner must not keep the process alive.
      current.timer?.unref();
      if (animated) draw();
    },
    done: () => {
      settle(style.green('✔'));
    },
    skipped: (note) => {
      if (current === undefined) return;
      settle(style.yellow('–'), style.dim(skippedText));
      line(`    ${style.dim(note)}`);
    },
    failed: () => {
      settle(style.red('✘'));
    },
    box: (lines) => {
      const width = Math.max(...lines.map(visibleWidth));
      const edge = '─'.repeat(width + 4);
      line(style.dim(`  ╭${edge}╮`));
      for (const text of lines) {
        const padding = ' '.repeat(width - visibleWidth(text));
        line(`  ${style.dim('│')}  ${text}${padding}  ${style.dim('│')}`);
      }
      line(style.dim(`  ╰${edge}╯`));
    },
  };
}
