// References to variables that nobody has filled in. Azure leaves `$(NAME)` as it is written where NAME is not set, CircleCI and a shell's single
// quotes fill in none, a template that was not rendered leaves all. Each of them is the same text in every run, and for everybody.
const FORM = [
  String.raw`\$\([^()]*\)`, // Azure, Tekton, Make
  String.raw`\$\{\{[^{}]*\}\}`, String.raw`\$\{[^{}]*\}`, // GitHub; a shell, Groovy
  String.raw`\$\[\[[^[\]]*\]\]`, String.raw`\$\[[^[\]]*\]`, // GitLab's inputs; Azure at run time
  String.raw`\{\{[^{}]*\}\}`, String.raw`#\{[^{}]*\}`, String.raw`<<[^<>]*>>`, String.raw`<\+[^<>]*>`, // Helm, Argo, Octopus, CircleCI, Harness
  String.raw`\$(?:env:)?[A-Za-z_]\w*`, // a shell, PowerShell
  String.raw`(?<!%[0-9A-F]{2})%(?![C-F][0-9A-F]%[89AB])[A-Za-z_][\w.]*%`, // cmd, TeamCity; not the `%C3%BC` of a URL
].join('|');

const WHOLE = new RegExp(`^\\s*(?:${FORM})\\s*$`);
const WITHIN = new RegExp(FORM);

/** What such a reference is called. */
export const UNFILLED = 'a variable that nobody has filled in';

// Every gate asks, of texts that have none of these: the forms need not be compiled for it.
const hasMark = text => ['$', '%', '{', '<'].some(mark => text.includes(mark));

// What a language writes where it has no value: Groovy (`"shop:${env.NONE}"`), JavaScript, Python, Go's templates.
const NOTHING = ['null', 'undefined', 'None', '<no value>'];

/** Whether the text is such a reference, and nothing else. */
export const isPlaceholder = text => (hasMark(text) && WHOLE.test(text)) || NOTHING.includes(text.trim());

/** The first one within the text, or a part of it that is nothing. */
export const placeholderIn = text => (hasMark(text) ? WITHIN.exec(text)?.[0] : undefined) ?? nothingIn(text);

// `shop-null:deploy` has one; `fix-null-checks:7` has not.
function nothingIn(text) {
  const ends = text.split(':').map(part => part.split(/[/_-]/).at(-1));
  return NOTHING.find(word => ends.includes(word));
}
