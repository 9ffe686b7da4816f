import createCache from '@emotion/cache';
import { createTheme } from '@mui/material/styles';

/**
 * Emotion's styles by `insertRule` in development too: script may not write `<style>` text under our
 * Content-Security-Policy, and what holds in production is to hold here.
 */
export const styleCache = createCache({ key: 'p', speedy: true });

/** MUI in Parley's clothes. The colours themselves, light and dark, are in styles/base.css. */
export const theme = createTheme({
  cssVariables: { nativeColor: true },
  palette: {
    primary: { main: 'var(--primary)', dark: 'var(--primary-strong)', contrastText: 'var(--on-primary)' },
    error: { main: 'var(--danger)', contrastText: 'var(--on-danger)' },
    warning: { main: 'var(--amber)', contrastText: 'var(--on-amber)' },
    text: { primary: 'var(--ink)', secondary: 'var(--ink-soft)', disabled: 'var(--ink-faint)' },
    background: { default: 'var(--paper)', paper: 'var(--surface)' },
    divider: 'var(--line)',
    action: {
      hover: 'var(--hover)',
      selected: 'var(--hover)',
      active: 'var(--ink)',
      focus: 'var(--hover)',
      disabled: 'var(--ink-faint)',
      disabledBackground: 'var(--hover)',
    },
  },
  shape: { borderRadius: 14 },
  typography: { fontFamily: 'var(--font)', button: { textTransform: 'none', fontWeight: 600, letterSpacing: 0 } },
  components: {
    MuiButtonBase: { defaultProps: { disableRipple: true } },
    MuiButton: {
      defaultProps: { disableElevation: true },
      styleOverrides: {
        root: { borderRadius: 999, paddingInline: 22, minHeight: 44, fontSize: '0.975rem' },
        sizeLarge: { minHeight: 54, paddingInline: 30, fontSize: '1.0625rem' },
      },
    },
    MuiOutlinedInput: {
      styleOverrides: {
        root: { borderRadius: 14, background: 'var(--surface)' },
        notchedOutline: { borderColor: 'var(--line-strong)' },
      },
    },
    MuiInputLabel: { styleOverrides: { root: { '&.Mui-focused': { color: 'var(--primary)' } } } },
    MuiTooltip: {
      defaultProps: { enterDelay: 350, disableInteractive: true },
      styleOverrides: {
        tooltip: {
          background: 'var(--ink)',
          color: 'var(--paper)',
          fontSize: '0.8125rem',
          fontWeight: 500,
          padding: '6px 10px',
          borderRadius: 8,
        },
      },
    },
    MuiMenu: {
      styleOverrides: {
        paper: {
          borderRadius: 18,
          border: '1px solid var(--line)',
          boxShadow: 'var(--shadow)',
          backgroundImage: 'none',
        },
      },
    },
    MuiDialog: {
      styleOverrides: {
        paper: {
          borderRadius: 24,
          border: '1px solid var(--line)',
          boxShadow: 'var(--shadow)',
          backgroundImage: 'none',
          margin: 16,
          maxWidth: 'none',
        },
        paperFullScreen: { margin: 0, border: 0, borderRadius: 0 },
      },
    },
    MuiBackdrop: { styleOverrides: { root: { backgroundColor: 'rgb(8 13 12 / 0.55)' } } },
    MuiTab: {
      styleOverrides: { root: { minHeight: 48, fontSize: '0.9375rem', '&.Mui-selected': { color: 'var(--primary)' } } },
    },
    MuiMenuItem: {
      styleOverrides: { root: { borderRadius: 10, marginInline: 8, minHeight: 42, fontSize: '0.9375rem' } },
    },
  },
});
