import { DOCS_PAGE_POLICY, docsPage } from './docs-page';
import { openApiDocument } from './openapi';

/** Of the API, not of Grace: raised when a route changes in a way that breaks who calls it. */
const API_VERSION = '1.0.0';

/** What is served beside the routes, made once: at synth for AWS, when first asked for in the simulator. */
export function apiDocuments(): { openapi: string; page: string; pagePolicy: string } {
  return {
    openapi: JSON.stringify(openApiDocument(API_VERSION)),
    page: docsPage(),
    pagePolicy: DOCS_PAGE_POLICY,
  };
}
