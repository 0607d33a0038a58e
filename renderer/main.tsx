import './no-eval.ts';
import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-500.css';
import '@fontsource/inter/latin-600.css';
import '@fontsource/jetbrains-mono/latin-400.css';
import '@fontsource/jetbrains-mono/latin-500.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './ui/global.css';
import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { connect } from './api/connect.ts';
import { connection } from './api/connection.ts';
import { router } from './router.tsx';
import { cssVariables, theme } from './ui/theme.ts';

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, retryDelay: 300, refetchOnWindowFocus: false, networkMode: 'always' } },
});

// What was asked while the core was gone is asked again once it is back.
connection.subscribe(() => {
  if (connection.get().kind === 'open') void queries.invalidateQueries();
});
connect();

createRoot(document.getElementById('root')!).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
    <QueryClientProvider client={queries}>
      <ModalsProvider>
        <Notifications position="bottom-right" limit={4} />
        <RouterProvider router={router} />
      </ModalsProvider>
    </QueryClientProvider>
  </MantineProvider>,
);
