import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const kSpokenAttribute =
  'JSXAttribute[name.name=/^(aria-(label|description|roledescription|valuetext|placeholder)|data-hint|alt|hint|helperText|label|placeholder|title)$/]';
const kLetters = '[value=/\\p{L}{2}/u]';
const kLettersOfTemplate = 'TemplateElement[value.raw=/\\p{L}{2}/u]';
const kDrawn = `:matches(JSXElement, JSXFragment, ${kSpokenAttribute}) > JSXExpressionContainer`;

/** Where a component would say something that src/words does not have; the name Parley is no word. */
const bareText = [
  `JSXText${kLetters}:not([value=/^\\s*Parley\\s*$/])`,
  `${kSpokenAttribute} > Literal${kLetters}`,
  `${kDrawn} > Literal${kLetters}`,
  `${kDrawn} > :matches(ConditionalExpression, LogicalExpression) > Literal${kLetters}`,
  `${kDrawn} > TemplateLiteral > ${kLettersOfTemplate}`,
  `CallExpression[callee.name='toast'] > Literal${kLetters}:first-child`,
  `CallExpression[callee.name='toast'] > TemplateLiteral:first-child > ${kLettersOfTemplate}`,
].map((selector) => ({ selector, message: 'Texts that people see or hear belong into src/words' }));

export default tseslint.config(
  { ignores: ['dist', 'sdk/dist'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { project: ['./tsconfig.node.json'], tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'max-lines': ['error', { max: 420 }],
      'max-lines-per-function': ['error', { max: 60 }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // What a browser may lack is checked for, whatever its type says.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
    },
  },
  { files: ['**/*.tsx'], ...jsxA11y.flatConfigs.strict },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bareText] },
  },
  // A test is as long as the story it tells.
  { files: ['**/*.test.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
