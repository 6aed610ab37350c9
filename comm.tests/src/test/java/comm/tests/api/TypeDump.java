package comm.tests.api;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One type: its declaration, and under it the members that others can use. What it has from a
 * supertype that others can't name is its own. Overrides of {@link Object}'s methods aren't listed,
 * nor names of parameters.
 */
final class TypeDump {

  private static final Set<String> OF_OBJECT = Set.of("equals", "hashCode", "toString");
  private static final int SHOWN = Modifier.ABSTRACT | Modifier.FINAL | Modifier.STATIC;

  private final Class<?> type;
  private final Predicate<Class<?>> isVisible;
  private final Set<String> members = new TreeSet<>();

  TypeDump(Class<?> type, Predicate<Class<?>> isVisible) {
    this.type = type;
    this.isVisible = isVisible;
  }

  List<String> lines() {
    if (type.isRecord()) {
      members.add(
          "record ("
              + Arrays.stream(type.getRecordComponents())
                  .map(TypeDump::component)
                  .collect(joining(", "))
              + ")");
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isUsable(constructor.getModifiers()) && !constructor.isSynthetic() && !type.isEnum()) {
        members.add(executable(constructor, "", "new"));
      }
    }
    addMembersOf(type);
    List<String> lines = new ArrayList<>();
    lines.add(declaration());
    members.forEach(member -> lines.add("  " + member));
    return lines;
  }

  private static String component(RecordComponent component) {
    return component.getGenericType().getTypeName() + " " + component.getName();
  }

  private void addMembersOf(Class<?> owner) {
    for (Field field : owner.getDeclaredFields()) {
      if (isUsable(field.getModifiers()) && !field.isSynthetic()) {
        members.add(field(field));
      }
    }
    for (Method method : owner.getDeclaredMethods()) {
      if (isUsable(method.getModifiers()) && !method.isSynthetic() && !isOfObject(method)) {
        members.add(
            executable(
                method, method.getGenericReturnType().getTypeName() + " ", method.getName()));
      }
    }
    for (Class<?> parent : parents(owner)) {
      if (parent.getModule().equals(type.getModule()) && !isVisible.test(parent)) {
        addMembersOf(parent);
      }
    }
  }

  private static List<Class<?>> parents(Class<?> owner) {
    List<Class<?>> parents = new ArrayList<>(List.of(owner.getInterfaces()));
    Class<?> superclass = owner.getSuperclass();
    if (superclass != null) {
      parents.add(superclass);
    }
    return parents;
  }

  private static boolean isOfObject(Method method) {
    return OF_OBJECT.contains(method.getName())
        && method.getParameterCount() == (method.getName().equals("equals") ? 1 : 0);
  }

  private boolean isUsable(int modifiers) {
    return Modifier.isPublic(modifiers)
        || (Modifier.isProtected(modifiers) && !Modifier.isFinal(type.getModifiers()));
  }

  private String declaration() {
    List<String> words = new ArrayList<>();
    words.add(
        deprecation(type.isAnnotationPresent(Deprecated.class)) + access(type.getModifiers()));
    if (!type.isInterface() && !type.isEnum()) {
      words.add(shown(type.getModifiers()).strip());
    }
    words.add(type.isSealed() && !type.isEnum() ? "sealed" : "");
    words.add(kind());
    words.add(type.getName() + variables(type.getTypeParameters()));
    Type superclass = type.getGenericSuperclass();
    if (superclass != null && !type.isEnum() && !type.isRecord() && superclass != Object.class) {
      words.add("extends " + superclass.getTypeName());
    }
    words.add(list(type.isInterface() ? "extends " : "implements ", type.getGenericInterfaces()));
    if (type.isSealed() && !type.isEnum()) {
      words.add(list("permits ", type.getPermittedSubclasses()));
    }
    return words.stream().filter(word -> !word.isEmpty()).collect(joining(" "));
  }

  private String kind() {
    if (type.isAnnotation()) {
      return "@interface";
    }
    if (type.isInterface()) {
      boolean isFunctional = type.isAnnotationPresent(FunctionalInterface.class);
      return isFunctional ? "@FunctionalInterface interface" : "interface";
    }
    return type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
  }

  private static String list(String word, Type... types) {
    String names = Stream.of(types).map(Type::getTypeName).sorted().collect(joining(", "));
    return names.isEmpty() ? "" : word + names;
  }

  private static String variables(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(
                variable ->
                    variable.getName()
                        + " extends "
                        + Arrays.stream(variable.getBounds())
                            .map(Type::getTypeName)
                            .collect(joining(" & ")))
            .collect(joining(", ", "<", ">"));
  }

  private static String deprecation(boolean isDeprecated) {
    return isDeprecated ? "@Deprecated " : "";
  }

  private static String access(int modifiers) {
    return Modifier.isPublic(modifiers) ? "public" : "protected";
  }

  private static String shown(int modifiers) {
    String words = Modifier.toString(modifiers & SHOWN);
    return words.isEmpty() ? "" : words + " ";
  }

  private static String field(Field field) {
    return deprecation(field.isAnnotationPresent(Deprecated.class))
        + (field.isEnumConstant()
            ? "constant " + field.getName()
            : access(field.getModifiers())
                + " "
                + shown(field.getModifiers())
                + field.getGenericType().getTypeName()
                + " "
                + field.getName()
                + value(field));
  }

  /** Compilers copy constants into the code that uses them, so their values are API as well. */
  private static String value(Field field) {
    boolean mayBeConstant =
        Modifier.isStatic(field.getModifiers())
            && Modifier.isPublic(field.getModifiers())
            && Modifier.isFinal(field.getModifiers())
            && (field.getType().isPrimitive() || field.getType() == String.class);
    if (!mayBeConstant) {
      return "";
    }
    try {
      return " = " + field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(field + " is not accessible", e);
    }
  }

  private static String executable(Executable executable, String returns, String name) {
    Type[] types = executable.getGenericParameterTypes();
    List<String> parameters = new ArrayList<>(Stream.of(types).map(Type::getTypeName).toList());
    if (executable.isVarArgs()) {
      int last = parameters.size() - 1;
      parameters.set(last, parameters.get(last).replaceAll("\\[\\]$", "..."));
    }
    String variables = variables(executable.getTypeParameters());
    String thrown = list("throws ", executable.getGenericExceptionTypes());
    return deprecation(executable.isAnnotationPresent(Deprecated.class))
        + access(executable.getModifiers())
        + " "
        + (executable instanceof Method method && method.isDefault() ? "default " : "")
        + shown(executable.getModifiers())
        + (variables.isEmpty() ? "" : variables + " ")
        + returns
        + name
        + "("
        + String.join(", ", parameters)
        + ")"
        + (thrown.isEmpty() ? "" : " " + thrown);
  }
}
