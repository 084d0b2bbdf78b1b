// The parts of @actions/core that write workflow commands and command files. Its entry also loads its OIDC
// client, and with it a whole HTTP stack that this action has no use for: an eighth of the processor time of a step.
// The paths lead around the package's `exports`, which name the entry alone; its version is pinned.
export { type CommandProperties, issueCommand } from '../../node_modules/@actions/core/lib/command.js';
export {
  issueFileCommand,
  prepareKeyValueMessage,
} from '../../node_modules/@actions/core/lib/file-command.js';
