import fc from 'fast-check';
import {
  type IdentifierFault,
  MAX_IDENTIFIER_LENGTH,
  suspiciousIdentifier,
} from '../../shared/contracts/identifier-text';

describe('suspiciousIdentifier', () => {
  it.each([
    'i-0123456789abcdef0',
    'arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:930d940e-891e-4781:autoScalingGroupName/web',
    'arn:aws:ecs:eu-west-1:123456789012:service/cluster_1/api.v2',
    'user+tag=x@example,com#1%[0]~!^',
    'x'.repeat(MAX_IDENTIFIER_LENGTH),
  ])('has nothing against %s', (text) => {
    expect(suspiciousIdentifier(text)).toBeUndefined();
  });

  const refused: [string, string, IdentifierFault][] = [
    ['nothing', '', 'EMPTY'],
    ['513 characters', 'x'.repeat(MAX_IDENTIFIER_LENGTH + 1), 'TOO_LONG'],
    ['a Cyrillic а', 'pаyments', 'NON_ASCII'],
    ['a full-width letter', 'web\uff41', 'NON_ASCII'],
    ['a zero-width space', 'web\u200b', 'NON_ASCII'],
    ['a no-break space', 'web\u00a0', 'NON_ASCII'],
    ['NUL', 'web\u0000', 'CONTROL_CHARACTER'],
    ['ESC', 'web\u001b[2J', 'CONTROL_CHARACTER'],
    ['DEL', 'web\u007f', 'CONTROL_CHARACTER'],
    ['a space', 'web 1', 'WHITESPACE'],
    ['a tab', 'web\t1', 'WHITESPACE'],
    ['a star', 'arn:aws:ec2:*:*:instance/*', 'WILDCARD'],
    ['a question mark', 'web-?', 'WILDCARD'],
    ['a line feed', 'web\n', 'METACHARACTER'],
    ['a carriage return', 'web\r', 'METACHARACTER'],
    ['a shell substitution', '$(reboot)', 'METACHARACTER'],
    ['a template expression', `\${env.TOKEN}`, 'METACHARACTER'],
    ['a mustache', '{{constructor}}', 'METACHARACTER'],
  ];

  it.each(refused)('names what is wrong with %s', (_what, text, fault) => {
    expect(suspiciousIdentifier(text)).toBe(fault);
  });

  it.each([...';|&$`<>{}()\\\'"'])('refuses the metacharacter %s', (character) => {
    expect(suspiciousIdentifier(`web${character}1`)).toBe('METACHARACTER');
  });

  it('lets only visible ASCII through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (suspiciousIdentifier(text) === undefined) expect(text).toMatch(/^[!-~]+$/);
      }),
    );
  });
});
