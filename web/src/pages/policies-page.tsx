import Badge from '@cloudscape-design/components/badge';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { PoliciesView } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { Excerpt } from '../app/excerpt';
import { Loaded } from '../app/loaded';
import { Hash, Who } from '../app/marks';
import { Page } from '../app/page';
import { useResource } from '../app/use-resource';
import { length } from '../format/time';

type Policy = PoliciesView['policies'][number];

/** The rules in force, with their text. */
export function PoliciesPage() {
  const resource = useResource<PoliciesView>(PATHS.policies);
  return (
    <Page
      title="Policies"
      description="Who may do what here. A forbid always wins; the constitution is never overridden."
    >
      <Loaded resource={resource} what="the policies">
        {(view) => (
          <>
            <Container>
              <KeyValuePairs
                columns={4}
                items={[
                  { label: 'Version', value: <Hash value={view.version} /> },
                  { label: 'Quorum', value: `tier 2: ${view.quorum.tier2}, tier 3: ${view.quorum.tier3}` },
                  { label: 'A request expires after', value: length(view.expiresSeconds * 1000) },
                  { label: 'An approval is good for', value: length(view.executeWithinSeconds * 1000) },
                  {
                    label: 'Approvers by settings',
                    value:
                      view.approvers.length === 0 ? (
                        'nobody, so nobody can approve by it'
                      ) : (
                        <ul className="plain-list">
                          {view.approvers.map((subject) => (
                            <li key={subject}>
                              <Who subject={subject} />
                            </li>
                          ))}
                        </ul>
                      ),
                  },
                ]}
              />
            </Container>
            <PolicyList
              title="Constitution"
              about="Forbids that no playbook, approval or emergency overrides."
              policies={view.policies.filter(({ constitution }) => constitution)}
            />
            <PolicyList
              title="Policies"
              about="Permits and forbids of this deployment."
              policies={view.policies.filter(({ constitution }) => !constitution)}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface PolicyListProps {
  readonly title: string;
  readonly about: string;
  readonly policies: readonly Policy[];
}

function PolicyList({ title, about, policies }: PolicyListProps) {
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${policies.length})`} description={about}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="xs">
        {policies.length === 0 && <div>None.</div>}
        {policies.map(({ id, effect, reason, text }) => (
          <ExpandableSection
            key={id}
            headerText={id}
            headerDescription={reason}
            headerActions={<Badge color={effect === 'forbid' ? 'red' : 'green'}>{effect}</Badge>}
            variant="default"
          >
            <Excerpt label={`Text of policy ${id}`} text={text} />
          </ExpandableSection>
        ))}
      </SpaceBetween>
    </Container>
  );
}
