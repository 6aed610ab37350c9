package comm.worker.launch;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of a rank's JVM. All ranks of a job have the same; they go into a file, since paths
 * can be longer than a command line may be.
 *
 * @param path where it finds its classes
 * @param module the module of the program, if it is in one
 * @param mainClass the program's class
 * @param jvmOptions the user's own options
 * @param directory the job's directory
 */
public record JavaCommand(
    LaunchPath path,
    Optional<String> module,
    String mainClass,
    List<String> jvmOptions,
    Path directory) {

  private static final String WORKER = "comm.worker";
  private static final String MAIN = "comm.worker.launch.RankMain";
  private static final String NATIVE_LIBRARY_ACCESS = "com.sun.jna";

  /** Copies the list. */
  public JavaCommand {
    jvmOptions = List.copyOf(jvmOptions);
  }

  /**
   * The command, without what is different for each rank.
   *
   * @param argumentFile the file that has the {@linkplain #argumentFileText options}
   * @return the executable and its arguments, up to the main class
   */
  public List<String> command(Path argumentFile) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + argumentFile);
    if (path.modular()) {
      command.add("--module");
      command.add(WORKER + "/" + MAIN);
    } else {
      command.add(MAIN);
    }
    return command;
  }

  /**
   * The options, each as one string.
   *
   * @return the options, the user's last so that they win
   */
  public List<String> options() {
    List<String> options = new ArrayList<>();
    addPaths(options);
    addModules(options);
    // Ranks print UTF-8 whatever the locale, because that is what the launcher reads. 17 knows the
    // first two names, later JDKs the others.
    for (String name :
        List.of(
            "sun.stdout.encoding", "sun.stderr.encoding", "stdout.encoding", "stderr.encoding")) {
      options.add("-D" + name + "=UTF-8");
    }
    // JNA unpacks its library there; a killed rank leaves the copy behind, and it goes with the
    // job's directory.
    options.add("-Djna.tmpdir=" + directory);
    options.addAll(jvmOptions);
    return options;
  }

  private void addPaths(List<String> options) {
    if (!path.modulePath().isEmpty()) {
      options.add("--module-path");
      options.add(String.join(File.pathSeparator, path.modulePath()));
    }
    if (!path.classPath().isEmpty()) {
      options.add("--class-path");
      options.add(String.join(File.pathSeparator, path.classPath()));
    }
  }

  private void addModules(List<String> options) {
    List<String> roots = new ArrayList<>();
    List<String> nativeAccess = new ArrayList<>();
    module.ifPresent(roots::add);
    boolean usesModules = path.modular() || !path.modulePath().isEmpty();
    if (usesModules && path.hasModule(NATIVE_LIBRARY_ACCESS)) {
      // Naming a module that isn't resolved would print a warning, so make sure that it is.
      roots.add(NATIVE_LIBRARY_ACCESS);
      nativeAccess.add(NATIVE_LIBRARY_ACCESS);
    }
    if (!path.classPath().isEmpty()) {
      nativeAccess.add("ALL-UNNAMED");
      if (path.modular()) {
        // With a module as main, code on the class path would see only what that module requires.
        roots.add("ALL-DEFAULT");
      }
    }
    if (!roots.isEmpty()) {
      options.add("--add-modules");
      options.add(String.join(",", roots));
    }
    if (!nativeAccess.isEmpty()) {
      options.add("--enable-native-access=" + String.join(",", nativeAccess));
    }
    module.ifPresent(
        name -> {
          options.add("--add-opens");
          options.add(name + "/" + packageName() + "=" + (path.modular() ? WORKER : "ALL-UNNAMED"));
        });
  }

  private String packageName() {
    return mainClass.substring(0, mainClass.lastIndexOf('.'));
  }

  /**
   * The options in the form of a {@code java} argument file.
   *
   * @return one option a line, quoted
   */
  public String argumentFileText() {
    StringBuilder text = new StringBuilder();
    for (String option : options()) {
      text.append('"');
      for (int i = 0; i < option.length(); i++) {
        char c = option.charAt(i);
        switch (c) {
          case '"', '\\' -> text.append('\\').append(c);
          case '\n' -> text.append("\\n");
          case '\r' -> text.append("\\r");
          default -> text.append(c);
        }
      }
      text.append("\"\n");
    }
    return text.toString();
  }
}
