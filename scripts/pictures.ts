import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT_ROOT } from '../test/runner/node.ts';

// Makes docs/images/ anew from the report of the demo, in both themes. It needs Chromium on PATH.
const images = join(PROJECT_ROOT, 'docs/images');
const report = join(PROJECT_ROOT, 'reports/demo/report.html');

/** What Chromium calls the two, by its number of each. */
const THEMES = { dark: 0, light: 1 } as const;

execFileSync(process.execPath, [join(PROJECT_ROOT, 'scripts/demo.ts')], {
  cwd: PROJECT_ROOT,
  stdio: 'ignore',
});
mkdirSync(images, { recursive: true });
for (const [theme, number] of Object.entries(THEMES)) {
  const profile = mkdtempSync(join(tmpdir(), 'pictures-'));
  const picture = join(images, `report-${theme}.png`);
  execFileSync(
    'chromium',
    [
      ...['--headless', '--no-sandbox', '--hide-scrollbars', `--user-data-dir=${profile}`],
      ...[`--blink-settings=preferredColorScheme=${number}`, '--window-size=1000,1150'],
      `--screenshot=${picture}`,
      pathToFileURL(report).href,
    ],
    { stdio: 'ignore' },
  );
  rmSync(profile, { recursive: true, force: true });
  console.log(picture);
}
