package comm.worker.launch;

import comm.worker.naming.NamedClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The main class of every rank: ties the rank to its launcher, watches how it leaves, and runs the
 * user's program. Its arguments are the launcher's pid, the job's directory, the program, and the
 * program's own arguments.
 */
public final class RankMain {

  /** The exit code of a rank whose program isn't there. */
  static final int NO_PROGRAM = 69;

  private static final int OWN_ARGUMENTS = 3;

  private RankMain() {}

  /**
   * Runs the program.
   *
   * @param args as the class says
   * @throws Throwable whatever the program throws, so that the JVM shows it and ends with code 1
   */
  public static void main(String[] args) throws Throwable {
    Path directory = Path.of(args[1]);
    LauncherWatch.start(Long.parseLong(args[0]), directory, Thread.currentThread());
    LeavingCheck leaving = LeavingCheck.install(directory);
    MethodHandle program;
    try {
      program = find(args[2]);
    } catch (ReflectiveOperationException e) {
      System.err.println(leaving.rankInWords() + " can't run " + args[2] + ": " + e.getMessage());
      System.exit(NO_PROGRAM);
      throw e;
    }
    try {
      program.invokeExact(Arrays.copyOfRange(args, OWN_ARGUMENTS, args.length));
    } catch (Throwable e) {
      leaving.threw(e);
      throw e;
    }
  }

  private static MethodHandle find(String program) throws ReflectiveOperationException {
    Class<?> type = NamedClass.find(program);
    Method main = mainMethod(type);
    if (!Modifier.isStatic(main.getModifiers()) || main.getReturnType() != void.class) {
      throw new NoSuchMethodException(
          "main(String[]) of " + type.getName() + " is not static void");
    }
    main.setAccessible(true);
    return MethodHandles.lookup().unreflect(main);
  }

  private static Method mainMethod(Class<?> type) throws NoSuchMethodException {
    for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
      for (Method method : owner.getDeclaredMethods()) {
        if (method.getName().equals("main")
            && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String[].class})) {
          return method;
        }
      }
    }
    throw new NoSuchMethodException(
        "class " + type.getName() + " has no static void main(String[])");
  }
}
