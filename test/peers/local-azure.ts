import type { LocalAzure } from '../local-azure/index.ts';

/** Where the local Azure is, and who asks it: what its program prints too. */
export type AzureFacts = Pick<
  LocalAzure,
  | 'metadataUrl'
  | 'caFile'
  | 'tenantId'
  | 'clientId'
  | 'clientSecret'
  | 'subscriptionId'
  | 'resourceGroup'
  | 'workspace'
  | 'entraHost'
>;

/** Environment of a program that knows no Azure but the local one, whatever the machine's own is. */
export function environmentFor({ metadataUrl, caFile }: AzureFacts, home: string): NodeJS.ProcessEnv {
  const foreign = /^(?:AZURE|ARM|MSI|IDENTITY|PYTHON|AML|INPUT|ACTIONS)|PROXY$/i;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(own),
    HOME: home,
    USERPROFILE: home,
    ARM_CLOUD_METADATA_URL: metadataUrl,
    REQUESTS_CA_BUNDLE: caFile,
    SSL_CERT_FILE: caFile,
    PYTHONUTF8: '1',
    PYTHONUNBUFFERED: '1',
  };
}
