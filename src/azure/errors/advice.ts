import { words } from '../../text/words.ts';

// Advice that several messages give.

/** For a response of a type that no service of Azure sends. */
export const CHECK_CLOUD_AND_PROXY = `Check ${words.theInputs(['cloud'])}, and whether a proxy in between rewrites the answers.`;

/** For a call that went through a proxy, and failed there. */
export const CHECK_PROXY_VARIABLES =
  'Check HTTPS_PROXY, and name hosts that must be reached without the proxy in NO_PROXY.';

/** For a metadata document that is not there, or describes no cloud. */
export const CHECK_METADATA_URL = `Check the URL in ${words.theInputs(['cloud'])} (or ARM_CLOUD_METADATA_URL): it ends in /metadata/endpoints?api-version=2022-09-01.`;
