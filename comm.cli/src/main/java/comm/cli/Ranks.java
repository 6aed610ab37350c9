package comm.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code ranks} command. */
@Command(
    name = "ranks",
    description = "Runs Java programs as several ranks that reach each other's memory.",
    mixinStandardHelpOptions = true,
    versionProvider = Ranks.Version.class,
    scope = ScopeType.INHERIT,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Ranks implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show stack traces with errors.")
  private boolean verbose;

  private Ranks() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command, ready to execute; output goes to standard output and standard error as UTF-8. */
  static CommandLine commandLine() {
    Ranks ranks = new Ranks();
    // What follows the program's name belongs to the program.
    CommandLine run = new CommandLine(new RunCommand()).setStopAtPositional(true);
    return new CommandLine(ranks)
        .addSubcommand(run)
        .addSubcommand(new BenchCommand())
        .addSubcommand(new DoctorCommand())
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler(Ranks::wrong)
        .setExecutionExceptionHandler(ranks::failed);
  }

  /** One line that says what is wrong; the whole usage would push it out of sight. */
  private static int wrong(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    String command = line.getCommandSpec().qualifiedName();
    line.getErr().println(command + ": " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, line.getErr());
    line.getErr().println("See " + command + " --help");
    return line.getCommandSpec().exitCodeOnInvalidInput();
  }

  private int failed(Exception e, CommandLine line, ParseResult parsed) {
    if (verbose) {
      e.printStackTrace(line.getErr());
    } else {
      String message = e.getMessage();
      line.getErr().println("ranks: " + (message == null ? e.toString() : message));
      if (e instanceof UserError) {
        return line.getCommandSpec().exitCodeOnInvalidInput();
      }
      line.getErr().println("(--verbose shows where it came from)");
    }
    return line.getCommandSpec().exitCodeOnExecutionException();
  }

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec);
    throw new ParameterException(own.commandLine(), "Missing command");
  }

  /** An error whose message says all that there is to say. */
  static final class UserError extends RuntimeException {
    UserError(String message) {
      super(message);
    }
  }

  /** Says which version this is. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "ranks " + Versions.own(),
        "Java " + Runtime.version() + " in " + System.getProperty("java.home")
      };
    }
  }
}
