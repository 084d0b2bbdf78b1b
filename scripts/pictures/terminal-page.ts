import { escapeMarkup } from '../../src/report/markup.ts';

/** The styles that `styleText` is asked for in src/hosts/, by what follows the escape character. */
const STYLES: Readonly<Record<string, string>> = { '[2m': 'dim', '[31m': 'red', '[33m': 'yellow' };

/** What stands on the screen at the end, as a page in the colours of either theme. */
export function terminalPage(output: string): string {
  const lines = output.trimEnd().split(/\r?\n/).map(lastWritten);
  return `<!doctype html><meta charset="utf-8"><style>
:root { --page: #ffffff; --box: #f6f8fa; --line: #d0d7de; --text: #1f2328; --dim: #59636e; --red: #cf222e; --yellow: #7d4e00; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d1117; --box: #151b23; --line: #3d444d; --text: #e6edf3; --dim: #9198a1; --red: #ff7b72; --yellow: #d29922; }
}
body { margin: 0; padding: 8px; background: var(--page); }
pre { margin: 0; border: 1px solid var(--line); border-radius: 8px; background: var(--box); padding: 14px 16px; color: var(--text); font: 14px/1.5 "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.dim { color: var(--dim); } .red { color: var(--red); } .yellow { color: var(--yellow); }
</style><pre>${lines.map(styled).join('\n')}</pre>`;
}

/** A line of progress is erased by what comes after it. */
function lastWritten(line: string): string {
  return line.split('\r\u001b[2K').at(-1) ?? '';
}

function styled(line: string): string {
  const [plain = '', ...more] = line.split('\u001b');
  return escapeMarkup(plain) + more.map(span).join('');
}

/** One style lasts until the next: none is put into another. */
function span(piece: string): string {
  const [sequence = ''] = /^\[[\d;]*[A-Za-z]/.exec(piece) ?? [];
  const style = STYLES[sequence];
  const shown = escapeMarkup(piece.slice(sequence.length));
  return style === undefined ? shown : `<span class="${style}">${shown}</span>`;
}
