// The order of these imports matters: nothing that is loaded after the first can print to stderr, and libraries
// read the proxy variables as they are loaded, thus after their repair.
import '../process/silence-warnings.ts';
import '../network/proxy-environment.ts';
import '../process/without-form-data.ts';
import '../hosts/speak-github.ts';

import { createGitHubHost } from '../hosts/github.ts';
import { readInputs } from '../inputs/inputs.ts';
import { runStep } from '../step.ts';

await runStep(createGitHubHost(), readInputs);
