import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createFileReader } from '../process/guarded-files.ts';
import { objectIn, parseJson, stringIn } from '../text/json.ts';

/** Where Azure ML Studio's file is looked for in a folder, and in each folder above it. */
const SHARED_NAME = 'config.json';
const PLACES = ['.azureml/config.json', 'aml_config/config.json', SHARED_NAME];
const MOST_LEVELS = 20;

/** What the file says, by the names of the inputs. All of it is text of the workspace. */
export interface WorkspaceConfig {
  readonly path: string;
  readonly values: Readonly<Partial<Record<'workspace' | 'resource-group' | 'subscription-id', string>>>;
}

const SCOPE =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.MachineLearningServices\/workspaces\/([^/]+)\/?$/i;

/**
 * The nearest file that names a workspace, as Microsoft's own clients look for it.
 * @param say is told of a file that can be no other program's and is not read
 */
export function findWorkspaceConfig(
  folder: string,
  say: (path: string, why: string) => void = () => undefined,
): WorkspaceConfig | undefined {
  let current = folder;
  for (let level = 0; level < MOST_LEVELS; level++) {
    for (const place of PLACES) {
      const path = join(current, place);
      const values = existsSync(path) ? readConfig(current, path) : {};
      if (typeof values === 'string') {
        if (place !== SHARED_NAME) say(path, values);
      } else if (Object.keys(values).length > 0) return { path, values };
    }
    const above = dirname(current);
    if (above === current) return undefined;
    current = above;
  }
  return undefined;
}

/**
 * A file that is something else, such as another program's config.json, says nothing.
 * @returns why it cannot be read, for a person
 */
function readConfig(folder: string, path: string): WorkspaceConfig['values'] | string {
  let json: unknown;
  try {
    json = parseJson(createFileReader(folder)(path).toString('utf8'));
  } catch (error) {
    return (error as Error).message;
  }
  if (json === undefined) return 'It is not JSON.';
  const config = objectIn(json);
  const [, subscription, group, name] = SCOPE.exec(stringIn(config.Scope) ?? '') ?? [];
  const workspace = stringIn(config.workspace_name) ?? name;
  if (workspace === undefined) return 'It names no workspace.';
  return {
    workspace,
    ...optional('resource-group', stringIn(config.resource_group) ?? group),
    ...optional('subscription-id', stringIn(config.subscription_id) ?? subscription),
  };
}

function optional<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
