/** The console on AWS: nobody but CloudFront reads the bucket, and every answer carries the console's headers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CONSOLE_ACKNOWLEDGEMENTS } from '../../infra/acknowledgements';
import { consolePolicy } from '../../shared/contracts/console';
import { asText, graceApp, ofType, type Resources, resourceStatements } from '../support/stack-template';

const folder = mkdtempSync(join(tmpdir(), 'grace-console-stack-'));
writeFileSync(join(folder, 'index.html'), '<!doctype html>');
afterAll(() => rmSync(folder, { recursive: true }));

/** The console's stack of a deployment with these settings. */
function consoleOf(settings: object) {
  const { app, console: stack } = graceApp(settings, { console: folder });
  if (stack === undefined) throw new Error('there is no stack for the console');
  return { app, stack, resources: Template.fromStack(stack).toJSON()['Resources'] as Resources };
}

const { app, stack, resources } = consoleOf({});
const only = (type: string) => {
  const [found] = ofType(resources, type);
  if (found === undefined) throw new Error(`there is no ${type}`);
  return found[1].Properties;
};
const { DistributionConfig } = only('AWS::CloudFront::Distribution');

it('is not there where no console was built', () => {
  expect(graceApp({}).console).toBeUndefined();
});

describe('the files', () => {
  it('are private: no public access, read by the distribution alone', () => {
    const [, bucket] = ofType(resources, 'AWS::S3::Bucket')[0] ?? [];
    expect(bucket?.Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const readers = resourceStatements(resources).filter(
      ({ effect, principals }) => effect === 'Allow' && principals.includes('cloudfront'),
    );
    expect(readers).toHaveLength(1);
    expect(readers[0]).toMatchObject({ actions: ['s3:GetObject'] });
    expect(Object.keys(readers[0]?.conditions ?? {})).toEqual(['StringEquals']);
    expect(DistributionConfig.Origins[0].OriginAccessControlId).toBeDefined();
  });

  it('of a deployment that is to last are not deleted with it', () => {
    expect(ofType(resources, 'AWS::S3::Bucket')[0]?.[1].DeletionPolicy).toBe('Retain');
    const trial = consoleOf({ ephemeral: true }).resources;
    expect(ofType(trial, 'AWS::S3::Bucket')[0]?.[1].DeletionPolicy).toBe('Delete');
  });
});

describe('every answer with a file', () => {
  const { SecurityHeadersConfig: headers } = only(
    'AWS::CloudFront::ResponseHeadersPolicy',
  ).ResponseHeadersPolicyConfig;
  const behaviors = [DistributionConfig.DefaultCacheBehavior, ...DistributionConfig.CacheBehaviors];
  const files = behaviors.filter(({ PathPattern }: { PathPattern?: string }) => PathPattern !== '/api/*');

  it('has the policy that the local server sends', () => {
    const issuer = `https://cognito-idp.\${AWS::Region}.\${AWS::URLSuffix}`;
    const pages = `https://grace-\${AWS::AccountId}.auth.\${AWS::Region}.amazoncognito.com`;
    const { ContentSecurityPolicy, Override } = headers.ContentSecurityPolicy;
    expect(asText(ContentSecurityPolicy)).toBe(consolePolicy([issuer, pages]));
    expect(Override).toBe(true);
    expect(headers.FrameOptions).toEqual({ FrameOption: 'DENY', Override: true });
    expect(headers.StrictTransportSecurity.AccessControlMaxAgeSec).toBeGreaterThan(31_536_000);
    for (const { ResponseHeadersPolicyId } of files) expect(ResponseHeadersPolicyId).toBeDefined();
  });

  it('comes by HTTPS, the page fresh each time', () => {
    expect(files).toHaveLength(2);
    for (const { ViewerProtocolPolicy } of files) expect(ViewerProtocolPolicy).toBe('redirect-to-https');
    const disabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
    expect(DistributionConfig.DefaultCacheBehavior.CachePolicyId).toBe(disabled);
  });
});

it('passes the API through as it is: every method, never kept, not by HTTP, not compressed', () => {
  const api = DistributionConfig.CacheBehaviors.find(
    ({ PathPattern }: { PathPattern: string }) => PathPattern === '/api/*',
  );
  expect(api).toMatchObject({ ViewerProtocolPolicy: 'https-only', Compress: false });
  expect(api.AllowedMethods).toEqual(expect.arrayContaining(['GET', 'PUT', 'POST', 'DELETE']));
  const origin = DistributionConfig.Origins.find(({ Id }: { Id: string }) => Id === api.TargetOriginId);
  expect(asText(origin.DomainName)).toMatch(/\.execute-api\.\$\{AWS::Region\}\.\$\{AWS::URLSuffix\}$/);
});

it('signs people in at the issuer that the settings name, where they name one', () => {
  const named = consoleOf({ signIn: { issuer: 'https://login.example.com/tenant', audience: 'grace' } });
  expect(ofType(named.resources, 'AWS::Cognito::UserPoolDomain')).toEqual([]);
  const policies = ofType(named.resources, 'AWS::CloudFront::ResponseHeadersPolicy');
  expect(JSON.stringify(policies)).toContain(consolePolicy(['https://login.example.com']));
});

describe('the AwsSolutions rules', () => {
  const raw = new AwsSolutionsChecks(app)
    .validateScope(stack)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ id: ruleName, path: constructPath ?? '' })),
    );
  const known = CONSOLE_ACKNOWLEDGEMENTS.flatMap(({ id, on }) =>
    on.map((path) => ({ id, path: `grace-console/${path}` })),
  );

  it.each(known)('$id is acknowledged for a finding that there still is', ({ id, path }) => {
    expect(raw.filter((one) => one.id === id && one.path.startsWith(path))).not.toEqual([]);
  });

  it('find nothing that is not acknowledged, with a reason', () => {
    const open = raw.filter(
      (one) => !known.some(({ id, path }) => one.id === id && one.path.startsWith(path)),
    );
    expect(open).toEqual([]);
    for (const { reason } of CONSOLE_ACKNOWLEDGEMENTS) expect(reason).toMatch(/^.{20,}$/);
  });
});
