/** What reports say of who made them. */
export const TOOL = { name: 'azureml-endpoint-auth', version: '0.1.0' } as const;
