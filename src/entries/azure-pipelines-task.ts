// The order of these imports matters: nothing that is loaded after the first can print to stderr, libraries read the
// proxy variables as they are loaded, thus after the agent's own were put there, and constants hold words.
import '../process/silence-warnings.ts';
import '../process/agent-settings.ts';
import '../network/proxy-environment.ts';
import '../process/without-form-data.ts';
import '../hosts/speak-azure-pipelines.ts';

import { createAzurePipelinesHost } from '../hosts/azure-pipelines.ts';
import { readTaskInputs } from '../inputs/service-connection.ts';
import { runStep } from '../step.ts';

await runStep(createAzurePipelinesHost(), readTaskInputs);
