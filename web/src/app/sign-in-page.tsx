import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ConsoleConfig } from '../../../shared/contracts/console';
import { FailureAlert } from './failure-alert';

interface SignInPageProps {
  readonly config: ConsoleConfig;
  /** Why a sign-in that was begun did not work. */
  readonly error?: unknown;
  readonly signIn: () => Promise<void>;
}

const PLACES = { simulator: 'the simulator on this machine', emulator: 'an emulator', aws: 'AWS' } as const;

export function SignInPage({ config, error, signIn }: SignInPageProps) {
  const [failure, setFailure] = useState(error);
  const [busy, setBusy] = useState(false);
  const begin = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn();
    } catch (reason) {
      setFailure(reason);
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <Container header={<Header variant="h1">Grace</Header>}>
        <SpaceBetween size="l">
          <Box>
            Deployment <b>{config.deployment}</b> on {PLACES[config.place]}.
          </Box>
          {failure !== undefined && <FailureAlert error={failure} />}
          <Button
            variant="primary"
            loading={busy}
            loadingText="Going to sign in"
            onClick={() => void begin()}
          >
            Sign in
          </Button>
          <Box variant="small" color="text-body-secondary">
            You sign in at {new URL(config.issuer).host}. The console keeps no password, no cookie and no
            token beyond this tab.
          </Box>
        </SpaceBetween>
      </Container>
    </main>
  );
}
