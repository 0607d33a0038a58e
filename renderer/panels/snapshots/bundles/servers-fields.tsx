import { Button, FileButton, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { IconCertificate } from '@tabler/icons-react';
import { type ServiceKindName, serviceKindNames } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { ServiceBadge } from '../../../ui/service-badge.tsx';
import { serviceTitles } from '../../../ui/service-title.ts';
import css from './bundles.module.css';
import { addressExamples, addressProblem, authorityProblem, type Typed, type TypedServers, takesToken, tokenProblem } from './pull-view.ts';

interface ServersFieldsProps {
  servers: TypedServers;
  onChange: (servers: TypedServers) => void;
}

/** A field a server: those that stay empty are left out. */
export function ServersFields({ servers, onChange }: ServersFieldsProps) {
  return (
    <fieldset className={css.servers}>
      <legend>Servers</legend>
      {serviceKindNames.map((kind, at) => (
        <ServerFields
          key={kind}
          kind={kind}
          typed={servers[kind]}
          first={at === 0}
          onChange={(change) => onChange({ ...servers, [kind]: { ...servers[kind], ...change } })}
        />
      ))}
    </fieldset>
  );
}

interface ServerFieldsProps {
  kind: ServiceKindName;
  typed: Typed;
  first: boolean;
  onChange: (change: Partial<Typed>) => void;
}

function ServerFields({ kind, typed, first, onChange }: ServerFieldsProps) {
  const { url, token, org, bucket, authority } = typed;
  const title = serviceTitles[kind];
  const named = url.trim() !== '';
  return (
    <div className={css.server}>
      <span className={css.serverName}>
        <ServiceBadge kind={kind} small />
        {title}
      </span>
      <div className={css.serverFields}>
        <div className={css.address}>
          <PasswordInput
            {...secret}
            aria-label={`Connection string of ${title}`}
            placeholder={addressExamples[kind]}
            value={url}
            error={addressProblem(kind, typed)}
            onChange={(event) => onChange({ url: event.currentTarget.value })}
            data-autofocus={first || undefined}
          />
          <Button
            variant="default"
            h={36}
            leftSection={<IconCertificate size={15} aria-hidden />}
            disabled={!named}
            aria-expanded={authority !== null}
            aria-label={`Certificate authority of ${title}`}
            title="Whose word is taken for its certificate"
            onClick={() => onChange({ authority: authority === null ? '' : null })}
          >
            Authority
          </Button>
        </div>
        {named && takesToken(kind) ? (
          <div className={css.address}>
            {kind === 'influxdb' ? (
              <>
                <TextInput label="Organization" value={org} onChange={(event) => onChange({ org: event.currentTarget.value })} />
                <TextInput label="Main bucket" value={bucket} onChange={(event) => onChange({ bucket: event.currentTarget.value })} />
              </>
            ) : null}
            <PasswordInput
              {...secret}
              label="Token"
              value={token}
              error={tokenProblem(typed)}
              onChange={(event) => onChange({ token: event.currentTarget.value })}
            />
          </div>
        ) : null}
        {named && authority !== null ? (
          <Authority value={authority} error={authorityProblem(typed)} onChange={(text) => onChange({ authority: text })} />
        ) : null}
      </div>
    </div>
  );
}

/** Nothing of it is to be remembered by whatever fills forms in. */
const secret = {
  autoComplete: 'off',
  spellCheck: false,
  classNames: { innerInput: 'mono' },
  'data-1p-ignore': true,
  'data-lpignore': 'true',
} as const;

interface AuthorityProps {
  value: string;
  error: string | null;
  onChange: (text: string) => void;
}

function Authority({ value, error, onChange }: AuthorityProps) {
  const take = (file: File | null) => void file?.text().then(onChange, tell);
  return (
    <div className={css.rules}>
      <Textarea
        label="Certificate authority"
        description="Certificates (PEM) of those who signed the server's; the connection then goes through TLS"
        classNames={{ input: 'mono' }}
        placeholder="-----BEGIN CERTIFICATE-----"
        value={value}
        error={error}
        spellCheck={false}
        autosize
        minRows={3}
        maxRows={6}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <FileButton accept=".pem,.crt,.cer" onChange={take}>
        {(props) => (
          <Button variant="default" {...props}>
            From a file…
          </Button>
        )}
      </FileButton>
    </div>
  );
}
