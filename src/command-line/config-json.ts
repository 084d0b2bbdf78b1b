import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createFileReader } from '../process/guarded-files.ts';
import { objectIn, parseJson, stringIn } from '../text/json.ts';

/** Where Azure ML Studio's file is looked for in a folder, and in each folder above it. */
const PLACES = ['.azureml/config.json', 'aml_config/config.json', 'config.json'];
const MOST_LEVELS = 20;

/** What the file says, by the names of the inputs. All of it is text of the workspace. */
export interface WorkspaceConfig {
  readonly path: string;
  readonly values: Readonly<Partial<Record<'workspace' | 'resource-group' | 'subscription-id', string>>>;
}

const SCOPE =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.MachineLearningServices\/workspaces\/([^/]+)\/?$/i;

/** The nearest file that names a workspace, as Microsoft's own clients look for it. */
export function findWorkspaceConfig(folder: string): WorkspaceConfig | undefined {
  let current = folder;
  for (let level = 0; level < MOST_LEVELS; level++) {
    for (const place of PLACES) {
      const path = join(current, place);
      const values = existsSync(path) ? readConfig(current, path) : {};
      if (Object.keys(values).length > 0) return { path, values };
    }
    const above = dirname(current);
    if (above === current) return undefined;
    current = above;
  }
  return undefined;
}

/** A file that is something else, such as another program's config.json, says nothing. */
function readConfig(folder: string, path: string): WorkspaceConfig['values'] {
  let config: ReturnType<typeof objectIn>;
  try {
    config = objectIn(parseJson(createFileReader(folder)(path).toString('utf8')));
  } catch {
    return {};
  }
  const [, subscription, group, name] = SCOPE.exec(stringIn(config.Scope) ?? '') ?? [];
  const workspace = stringIn(config.workspace_name) ?? name;
  if (workspace === undefined) return {};
  return {
    workspace,
    ...optional('resource-group', stringIn(config.resource_group) ?? group),
    ...optional('subscription-id', stringIn(config.subscription_id) ?? subscription),
  };
}

function optional<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
