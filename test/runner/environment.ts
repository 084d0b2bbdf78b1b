import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Sandbox } from './sandbox.ts';

export interface ActionInputs {
  /** INPUT_* variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Given, but not declared in action.yml: the runner warns and passes them on. */
  readonly unexpected: readonly string[];
  readonly declared: readonly string[];
}

interface ActionFile {
  readonly inputs?: Readonly<Record<string, { readonly default?: string } | null>> | null;
}

/** @param actionFile an action.yml; where there is none, no input is declared and none is unexpected */
export function readInputs(given: Readonly<Record<string, string>>, actionFile: string): ActionInputs {
  const action = existsSync(actionFile) ? readActionFile(actionFile) : undefined;
  const declarations = Object.entries(action?.inputs ?? {});
  const values = new Map<string, string>();
  for (const [name, declaration] of declarations) {
    const text = declaration?.default ?? '';
    if (text.includes('${{')) {
      throw new Error(
        `Input '${name}' of ${actionFile} has an expression as its default: give the input a value.`,
      );
    }
    values.set(variableName(name), text);
  }
  for (const [name, value] of Object.entries(given)) values.set(variableName(name), value);

  const known = new Set(declarations.map(([name]) => name.toLowerCase()));
  return {
    variables: Object.fromEntries(values),
    unexpected:
      action === undefined ? [] : Object.keys(given).filter((name) => !known.has(name.toLowerCase())),
    declared: declarations.map(([name]) => name),
  };
}

// Without types, as the runner reads it: the default `1.0` is the text `1.0`.
function readActionFile(path: string): ActionFile {
  return (parse(readFileSync(path, 'utf8'), { schema: 'failsafe' }) ?? {}) as ActionFile;
}

function variableName(input: string): string {
  return `INPUT_${input.replaceAll(' ', '_').toUpperCase()}`;
}

const FROM_PARENT = ['PATH', 'SystemRoot', 'SystemDrive', 'ComSpec', 'PATHEXT', 'WINDIR', 'ProgramFiles'];
const RUNNER_OS: Readonly<Record<string, string>> = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' };
const SHA = '5f1d2c3b4a59687786958a4b3c2d1e0f5f1d2c3b';

/** What a step sees besides its inputs. Of the parent's environment, only what a process needs to start. */
export function runnerEnvironment(sandbox: Sandbox): Record<string, string> {
  const environment: Record<string, string> = {
    LANG: 'C.UTF-8',
    HOME: sandbox.home,
    TMPDIR: sandbox.temp,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__octo_azureml-endpoint-auth',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_ENV: sandbox.fileCommands.env,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_JOB: 'deploy',
    GITHUB_OUTPUT: sandbox.fileCommands.output,
    GITHUB_PATH: sandbox.fileCommands.path,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: 'octo/churn',
    GITHUB_REPOSITORY_OWNER: 'octo',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1234567890',
    GITHUB_RUN_NUMBER: '7',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: SHA,
    GITHUB_STATE: sandbox.fileCommands.state,
    GITHUB_STEP_SUMMARY: sandbox.fileCommands.summary,
    GITHUB_WORKFLOW: 'deploy',
    GITHUB_WORKSPACE: sandbox.workspace,
    RUNNER_ARCH: process.arch.toUpperCase(),
    RUNNER_NAME: 'model',
    RUNNER_OS: RUNNER_OS[process.platform] ?? process.platform,
    RUNNER_TEMP: sandbox.temp,
    RUNNER_TOOL_CACHE: sandbox.toolCache,
  };
  if (process.platform === 'win32') {
    Object.assign(environment, { USERPROFILE: sandbox.home, TEMP: sandbox.temp, TMP: sandbox.temp });
  }
  for (const name of FROM_PARENT) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
