import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What Chromium calls them, by its number of each. */
export const THEMES = { dark: 0, light: 1 } as const;
export type Theme = keyof typeof THEMES;

export interface Size {
  readonly width: number;
  /** Default: what the page needs. */
  readonly height?: number;
}

/** Takes a picture of a page. It needs Chromium on PATH. */
export function photograph(page: string, picture: string, theme: Theme, { width, height }: Size): void {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  const file = join(folder, 'page.html');
  const chromium = (shown: number, ...args: readonly string[]): string =>
    execFileSync(
      'chromium',
      [
        ...['--headless', '--no-sandbox', '--hide-scrollbars', `--user-data-dir=${join(folder, 'profile')}`],
        ...[`--blink-settings=preferredColorScheme=${THEMES[theme]}`, `--window-size=${width},${shown}`],
        // A chart is drawn after the page is there.
        ...['--virtual-time-budget=10000', ...args, pathToFileURL(file).href],
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
  try {
    writeFileSync(file, page + MEASURE);
    const needed = () => Number(/data-height="(\d+)"/.exec(chromium(600, '--dump-dom'))?.[1]);
    chromium(height ?? needed(), `--screenshot=${picture}`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const MEASURE = `<script>
setInterval(() => { document.documentElement.dataset.height = Math.ceil(document.body.getBoundingClientRect().height); }, 100);
</script>`;
