import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles (an esbuild alias): Lambda gives
 * credentials in the environment, and the providers for files, SSO and metadata services are most of
 * the weight of a small client. The command line keeps the real chain.
 */
export const defaultProvider = () => fromEnv();
