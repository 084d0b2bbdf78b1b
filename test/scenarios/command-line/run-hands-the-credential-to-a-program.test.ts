import { describe, expect, test } from 'vitest';
import { openCommandLine } from '../../support/command-line.ts';

const { azure, there, command } = await openCommandLine();
const RUN = ['run', '-e', 'churn-key', ...there, '--'];
const NODE = [...RUN, 'node', '-e'];

test('the program finds the credential, and nothing of the sign-in', async () => {
  const { exitCode, stdout } = await command([
    ...NODE,
    `const { AZUREML_CREDENTIAL: key, ...rest } = process.env;
     console.log(Buffer.from(key).length, Object.keys(rest).filter((name) => /^AZURE/.test(name)).sort().join());
     console.log(process.env.AZUREML_SCORING_URI, process.env.AZUREML_AUTH_MODE, process.env.AZUREML_ENDPOINT);`,
  ]);

  expect(exitCode).toBe(0);
  const [first = '', second = ''] = stdout.split('\n');
  expect(first).toMatch(
    /^\d+ AZUREML_AUTH_MODE,AZUREML_ENDPOINT,AZUREML_EXPIRES_ON,AZUREML_SCORING_URI,AZURE_CLIENT_ID,AZURE_TENANT_ID$/,
  );
  expect(second).toMatch(/^https:\S+ key churn-key$/);
});

describe('what it prints', () => {
  test.each([
    ['the credential', 'console.log(process.env.AZUREML_CREDENTIAL)', /^\*\*\*\n$/],
    ['it without a line end', 'process.stdout.write(process.env.AZUREML_CREDENTIAL)', /^\*\*\*$/],
    [
      'it in base64',
      "console.log(Buffer.from('x' + process.env.AZUREML_CREDENTIAL).toString('base64'))",
      /\*\*\*/,
    ],
    [
      'it over two lines',
      'const k = process.env.AZUREML_CREDENTIAL; console.log(k.slice(0, k.length / 2) + "\\n" + k.slice(k.length / 2))',
      /\*\*\*/,
    ],
    [
      'it in pieces',
      'for (const c of process.env.AZUREML_CREDENTIAL) process.stdout.write(c); console.log()',
      /^\*\*\*\n$/,
    ],
    [
      'it amid a long line',
      'const f = "x y ".repeat(4e4); console.log(f + process.env.AZUREML_CREDENTIAL + f)',
      /^(?:x y ){40000}\*\*\*(?:x y ){40000}\n$/,
    ],
    ['nothing secret', 'console.log("żółć ::warning::x")', /^żółć ::warning::x\n$/],
  ])('%s is shown without it', async (_what, script, shown) => {
    const { exitCode, stdout, stderr } = await command([...NODE, script]);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(shown);
    expect(stderr).not.toContain('xxx');
  });

  test('on stderr is hidden there', async () => {
    const { stderr } = await command([...NODE, 'console.error("key", process.env.AZUREML_CREDENTIAL)']);

    expect(stderr).toContain('key ***');
  });

  test('is not changed when it is no text', async () => {
    const { stdout } = await command([
      ...NODE,
      'process.stdout.write(Buffer.from([0xff, 0x00, 0xfe, 0x0a]))',
    ]);

    expect(Buffer.from(stdout).toString('hex')).toBe(Buffer.from('\ufffd\u0000\ufffd\n').toString('hex'));
  });

  test('comes whole and in order when it is much', async () => {
    const { stdout } = await command([...NODE, 'for (let i = 0; i < 20000; i++) console.log("line " + i)']);

    expect(stdout).toBe(Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join(''));
  });
});

describe('the exit code', () => {
  test("is the program's", async () => {
    expect((await command([...NODE, 'process.exit(37)'])).exitCode).toBe(37);
  });

  test('is 127 when there is no such program', async () => {
    const { exitCode, stderr } = await command([...RUN, 'no-such-program']);

    expect(exitCode).toBe(127);
    expect(stderr).toContain("There is no program 'no-such-program' on PATH.");
  });

  test('tells of the signal that ended it', async () => {
    expect((await command([...NODE, 'process.kill(process.pid, "SIGTERM")'])).exitCode).toBe(143);
  });

  test('is 2 without a program', async () => {
    const { exitCode, exchanges } = await command(['run', '-e', 'churn-key', ...there]);

    expect([exitCode, exchanges]).toEqual([2, []]);
  });

  test('is 4, and no program runs, when nobody can sign in', async () => {
    const { exitCode, stdout } = await command([...NODE, 'console.log("ran")'], {
      env: { AZURE_CLIENT_SECRET: 'wrong-secret-of-nobody' },
    });

    expect(exitCode).toBe(4);
    expect(stdout).not.toContain('ran');
  });
});

test('a signal is passed on, and the program may end in its own way', async () => {
  const { exitCode, stdout } = await command(
    [
      ...NODE,
      'process.on("SIGTERM", () => { console.log("bye"); process.exit(5); }); console.log("here"); setInterval(() => {}, 1000)',
    ],
    {
      onStart: (child) =>
        child.stdout?.on('data', (chunk: Buffer) => {
          if (chunk.includes('here')) child.kill('SIGTERM');
        }),
    },
  );

  expect(stdout).toContain('bye');
  expect(exitCode).toBe(5);
});

test('the program reads the stdin of the command', async () => {
  const { stdout } = await command([
    ...NODE,
    'process.stdin.on("data", () => {}).on("end", () => console.log("ended"))',
  ]);

  expect(stdout).toBe('ended\n');
});

test('arguments that look like options are the program’s own', async () => {
  const { stdout } = await command([
    ...RUN,
    'node',
    '-p',
    'process.argv.slice(1).join()',
    '--',
    '--endpoint',
    '-w',
  ]);

  expect(stdout).toBe('--endpoint,-w\n');
});

test('a token of Entra comes with its expiry', async () => {
  const { stdout } = await command([
    ...['run', '-e', 'churn-aad', ...there, '--'],
    ...['node', '-p', 'Number(process.env.AZUREML_EXPIRES_ON) * 1000 > Date.now()'],
  ]);

  expect(stdout).toBe('true\n');
  expect(azure.violations).toEqual([]);
});
