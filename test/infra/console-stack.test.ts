/** The console on AWS: nobody but CloudFront reads the bucket, and every answer carries the console's headers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ConsoleStack } from '../../infra/console-stack';
import { consolePolicy } from '../../shared/contracts/console';
import { parseSettings } from '../../shared/contracts/settings';
import { ofType, type Resources, resourceStatements } from '../support/stack-template';

const folder = mkdtempSync(join(tmpdir(), 'grace-console-stack-'));
writeFileSync(join(folder, 'index.html'), '<!doctype html>');
afterAll(() => rmSync(folder, { recursive: true }));

const ISSUER = 'https://cognito-idp.eu-west-1.amazonaws.com';
const stack = new ConsoleStack(new App({ analyticsReporting: false }), 'grace-console', {
  settings: parseSettings({}),
  folder,
  api: { domain: 'abc.execute-api.eu-west-1.amazonaws.com', stagePath: '/live' },
  signIn: { issuer: `${ISSUER}/pool`, clientId: 'client', origins: [ISSUER] },
});
const resources: Resources = Template.fromStack(stack).toJSON()['Resources'];
const only = (type: string) => {
  const [found] = ofType(resources, type);
  if (found === undefined) throw new Error(`there is no ${type}`);
  return found[1].Properties;
};
const { DistributionConfig } = only('AWS::CloudFront::Distribution');

describe('the files', () => {
  it('are private: no public access, TLS only, read by the distribution alone', () => {
    expect(only('AWS::S3::Bucket').PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const allowed = resourceStatements(resources).filter(({ effect }) => effect === 'Allow');
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({
      actions: ['s3:GetObject'],
      principals: '{"Service":"cloudfront.amazonaws.com"}',
    });
    expect(Object.keys(allowed[0]?.conditions ?? {})).toEqual(['StringEquals']);
    expect(DistributionConfig.Origins[0].OriginAccessControlId).toBeDefined();
  });

  it('of a deployment that is to last are not deleted with it', () => {
    expect(ofType(resources, 'AWS::S3::Bucket')[0]?.[1].DeletionPolicy).toBe('Retain');
  });
});

describe('every answer with a file', () => {
  const { SecurityHeadersConfig: headers } = only(
    'AWS::CloudFront::ResponseHeadersPolicy',
  ).ResponseHeadersPolicyConfig;
  const behaviors = [DistributionConfig.DefaultCacheBehavior, ...DistributionConfig.CacheBehaviors];
  const files = behaviors.filter(({ PathPattern }: { PathPattern?: string }) => PathPattern !== '/api/*');

  it('has the policy that the local server sends', () => {
    expect(headers.ContentSecurityPolicy).toEqual({
      ContentSecurityPolicy: consolePolicy([ISSUER]),
      Override: true,
    });
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
  expect(origin).toMatchObject({
    DomainName: 'abc.execute-api.eu-west-1.amazonaws.com',
    OriginPath: '/live',
  });
});
