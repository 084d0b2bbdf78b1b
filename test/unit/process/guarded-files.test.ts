import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Confinement,
  createFileReader,
  type ReadFile,
  whyUnread,
} from '../../../src/process/guarded-files.ts';

const IF_MEANT = 'If that is meant, write the absolute path that it leads to.';

let root = '';
let workspace = '';
let read: ReadFile;
beforeEach(() => {
  root = realpathSync.native(mkdtempSync(join(tmpdir(), 'guarded-files-')));
  workspace = join(root, 'workspace');
  for (const folder of ['workspace/.git', 'workspace/sub/.git', 'beside', 'workspace-2'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of [
    'workspace/a.json',
    'workspace/.git/config',
    'workspace/sub/.git/config',
    'beside/b.json',
    'workspace-2/c.json',
  ])
    writeFileSync(join(root, file), file);
  read = createFileReader(workspace);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function told(path: string, confinement?: Confinement): string {
  try {
    read(path, confinement);
  } catch (error) {
    return whyUnread(error, path);
  }
  throw new Error(`${path} was read.`);
}

describe('a path in an input', () => {
  test('leads to a file of the workspace', () => {
    expect(read('a.json').toString()).toBe('workspace/a.json');
    expect(read(join(workspace, 'a.json')).toString()).toBe('workspace/a.json');
    expect(read('sub/../a.json').toString()).toBe('workspace/a.json');
  });

  test('leads anywhere when it is absolute', () => {
    expect(read(join(root, 'beside', 'b.json')).toString()).toBe('beside/b.json');
  });

  test('does not lead out of the workspace when it is relative', () => {
    expect(told('../beside/b.json')).toBe(`This is outside the workspace. ${IF_MEANT}`);
    expect(told('../workspace-2/c.json')).toBe(`This is outside the workspace. ${IF_MEANT}`);
    expect(told('../beside/none.json')).toBe(`This is outside the workspace. ${IF_MEANT}`);
  });

  test.each(['.git/config', 'sub/.git/config'])(
    'does not lead to %s, where the token of the job is',
    (path) => {
      const message = 'This belongs to Git, which keeps credentials there. Write the path of another file.';
      expect(told(path)).toBe(message);
    },
  );

  test.each(['a file', 'a link'])('does not lead to where .git, which is %s, leads', (kind) => {
    rmSync(join(workspace, '.git'), { recursive: true });
    mkdirSync(join(workspace, 'real'));
    writeFileSync(join(workspace, 'real', 'config'), 'token');
    if (kind === 'a link') symlinkSync('real', join(workspace, '.git'));
    else writeFileSync(join(workspace, '.git'), 'gitdir: real\n');
    expect(told('real/config')).toMatch(/^This belongs to Git/);
    expect(read('a.json').toString()).toBe('workspace/a.json');
  });

  test('names a file that is there', () => {
    expect(told('none.json')).toBe('There is no such file (none.json).');
    expect(told('a.json/b')).toBe('The file cannot be read (ENOTDIR).');
    expect(told('a\0b')).toBe('A path cannot contain a null character.');
  });
});

describe.skipIf(process.platform === 'win32')('a link', () => {
  test('leads anywhere when it lies outside the workspace', () => {
    symlinkSync(join(root, 'beside', 'b.json'), join(root, 'link.json'));
    expect(read(join(root, 'link.json')).toString()).toBe('beside/b.json');
  });

  test('in the workspace does not lead out of it', () => {
    const target = join(root, 'beside', 'b.json');
    symlinkSync(target, join(workspace, 'link.json'));
    symlinkSync(join(root, 'beside'), join(workspace, 'folder'));
    const out = `A link leads from here to '${target}', outside the workspace. ${IF_MEANT}`;
    for (const path of ['link.json', 'folder/b.json', join(workspace, 'link.json')])
      expect(told(path)).toBe(out);
  });

  test('in the workspace does not lead to what belongs to Git', () => {
    symlinkSync('.git/config', join(workspace, 'link.json'));
    expect(told('link.json')).toMatch(/^This belongs to Git/);
  });
});

describe('a path in a file', () => {
  test('leads to one of the folders that it may lead to', () => {
    const confinement = { folders: [join(root, 'beside'), workspace], name: 'both', advice: 'Copy it.' };
    expect(read(join(root, 'beside', 'b.json'), confinement).toString()).toBe('beside/b.json');
    expect(read(join(workspace, 'a.json'), confinement).toString()).toBe('workspace/a.json');
    expect(told(join(root, 'workspace-2', 'c.json'), confinement)).toBe('This is outside both. Copy it.');
  });
});

describe.skipIf(process.platform === 'win32')('what is not a regular file is refused at once', () => {
  test('a directory', () => {
    expect(told('sub')).toBe('This is a directory. Write the path of a file.');
  });

  test('a pipe that nobody writes to', () => {
    execFileSync('mkfifo', [join(workspace, 'pipe')]);
    expect(told('pipe')).toBe('This is a pipe. Write the path of a file.');
  });

  test('a device without an end', () => {
    expect(told('/dev/zero')).toBe('This is a device. Write the path of a file.');
  });

  test('a socket', async () => {
    const path = join(workspace, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(relative(process.cwd(), path), resolve));
    expect(told('socket')).toBe('This is a socket. Write the path of a file.');
    await new Promise((resolve) => server.close(resolve));
  });

  test.runIf(process.platform === 'linux').each(['/proc/self/environ', '/proc/self/root/proc/self/environ'])(
    'what the system tells of itself: %s',
    (path) => {
      expect(told(path)).toBe(
        'This is not a file: the system describes itself there. Write the path of a file.',
      );
      symlinkSync(path, join(workspace, 'link.json'));
      expect(told('link.json')).toMatch(
        /^A link leads from here to '\/proc\/\d+\/environ', outside the workspace/,
      );
    },
  );
});

describe('limits', () => {
  test('a file of 256 MiB and more is refused before it is read', () => {
    writeFileSync(join(workspace, 'large'), '');
    truncateSync(join(workspace, 'large'), 256 * 1024 * 1024 + 1);
    expect(told('large')).toBe('This file is larger than 256 MiB.');
  });

  test('an empty file is read', () => {
    writeFileSync(join(workspace, 'empty'), '');
    expect(read('empty')).toEqual(Buffer.alloc(0));
  });

  test.runIf(process.platform === 'linux')('no descriptor stays open', () => {
    linkSync(join(root, 'beside', 'b.json'), join(workspace, 'hard.json'));
    const before = readdirSync('/proc/self/fd').length;
    for (let count = 0; count < 20; count++) read('hard.json');
    expect(() => read('sub')).toThrow();
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });
});
