package comm.worker;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The program that every rank runs: a class with a {@code static void main(String[])}, which need
 * not be public or exported.
 *
 * @param module the module that has the class; if empty, the class is on the class path
 * @param mainClass the binary name of the class, such as {@code com.acme.Solver}
 */
public record RankProgram(Optional<String> module, String mainClass) {

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if one of them isn't a Java name, or a class in a module has
   *     no package
   */
  public RankProgram {
    requireNonNull(module, "module");
    requireNonNull(mainClass, "mainClass");
    if (module.isPresent()) {
      check("module", module.get());
      if (mainClass.indexOf('.') < 0) {
        throw new IllegalArgumentException(
            "class \""
                + mainClass
                + "\" of module "
                + module.get()
                + " needs its package in front");
      }
    }
    check("class", mainClass);
  }

  /**
   * Reads a program from the form in which the {@code java} command takes it.
   *
   * @param text {@code module/class} or {@code class}
   * @return the program
   * @throws IllegalArgumentException if the text has another form
   */
  public static RankProgram parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new RankProgram(Optional.empty(), text)
        : new RankProgram(Optional.of(text.substring(0, slash)), text.substring(slash + 1));
  }

  private static void check(String what, String name) {
    for (String part : name.split("\\.", -1)) {
      if (!isIdentifier(part)) {
        throw new IllegalArgumentException(
            "\""
                + name
                + "\" is not the name of a "
                + what
                + "; a program is given as module/package.Class or package.Class");
      }
    }
  }

  private static boolean isIdentifier(String part) {
    return !part.isEmpty()
        && Character.isJavaIdentifierStart(part.codePointAt(0))
        && part.codePoints().allMatch(Character::isJavaIdentifierPart)
        && part.codePoints().noneMatch(Character::isIdentifierIgnorable);
  }

  /** {@return the form that {@link #parse} reads} */
  @Override
  public String toString() {
    return module.map(name -> name + "/" + mainClass).orElse(mainClass);
  }
}
