/** Who made a report: the name and the version in package.json. */
export const NAME = 'azureml-endpoint-auth';
export const VERSION = '1.0.0';
