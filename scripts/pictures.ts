import { join } from 'node:path';
import { PROJECT_ROOT } from '../test/runner/node.ts';
import { photograph, type Size, THEMES, type Theme } from './pictures/browser.ts';
import { redGate } from './pictures/red-gate.ts';
import { HOW_TO_INSTALL, summaryPage } from './pictures/summary-page.ts';
import { terminalPage } from './pictures/terminal-page.ts';

// Makes docs/images/ anew, in both themes, from a gate that is red: its job summary, its report, and what it says at a
// terminal. What draws the summary may be installed elsewhere: PICTURES_MODULES names that node_modules.
const images = join(PROJECT_ROOT, 'docs/images');

const modules = process.env.PICTURES_MODULES ?? join(PROJECT_ROOT, 'node_modules');

const { summary, report, terminal } = await redGate();
for (const theme of Object.keys(THEMES) as Theme[]) {
  take('report', theme, report, { width: 1000, height: 1150 });
  take('terminal', theme, terminalPage(terminal), { width: 980 });
  const page = await summaryPage(summary, theme, modules);
  if (page === undefined) {
    console.error(`summary-${theme}.png was not made. What draws it is missing: ${HOW_TO_INSTALL}`);
    process.exitCode = 1;
  } else take('summary', theme, page, { width: 840 });
}

function take(name: string, theme: Theme, page: string, size: Size): void {
  const picture = join(images, `${name}-${theme}.png`);
  photograph(page, picture, theme, size);
  console.log(picture);
}
