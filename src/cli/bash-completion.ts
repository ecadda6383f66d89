/**
 * The script that completes `ocibench` in bash. The library's own script needs the package bash-completion and evaluates the
 * typed words: a Tab within `--cmd "… $(…)"` would run the command.
 *
 * bash splits words at `=` and `:` and replaces only the part after them. `command`: how ocibench is called, as a shell word.
 */
export function bashCompletion(command: string): string {
  return `# bash completion for ocibench
__ocibench_complete() {
  local word line value joined=0
  local -a words=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $word == [=:] && \${#words[@]} -gt 0 ]]; then
      words[-1]+=$word joined=1
    elif ((joined)); then
      words[-1]+=$word joined=0
    else
      words+=("$word")
    fi
  done
  local typed=\${words[-1]}
  local before=\${typed%"\${typed##*[=:]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    case $value in
      :0) compopt -o default ;;
      :[0-9]*) ;;
      *) COMPREPLY+=("\${value#"$before"}") ;;
    esac
  done < <(${command} complete -- "\${words[@]}" 2>/dev/null)
}
complete -F __ocibench_complete ocibench`;
}
