package dev.crr.jpa;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.Locale;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.jspecify.annotations.Nullable;

/** Finds annotations of an attribute, on its field or its getter, whichever of them Hibernate uses for access. */
final class MappedMember {

    private MappedMember() {}

    static boolean isAnnotated(AttributeMapping attribute, Class<? extends Annotation> annotation) {
        Member member = attribute.getPropertyAccess().getGetter().getMember();
        if (member == null) {
            return false; // a synthetic attribute has none
        }
        return has(member, annotation)
                || isAnnotated(member.getDeclaringClass(), attribute.getAttributeName(), annotation);
    }

    /** Looks for the attribute by name, on the class and upwards. */
    static boolean isAnnotated(Class<?> type, String attribute, Class<? extends Annotation> annotation) {
        String capitalized = attribute.substring(0, 1).toUpperCase(Locale.ROOT) + attribute.substring(1);
        for (@Nullable Class<?> declaring = type; declaring != null; declaring = declaring.getSuperclass()) {
            for (Field field : declaring.getDeclaredFields()) {
                if (field.getName().equals(attribute) && has(field, annotation)) {
                    return true;
                }
            }
            for (Method method : declaring.getDeclaredMethods()) {
                boolean getter = method.getParameterCount() == 0
                        && (method.getName().equals("get" + capitalized)
                                || method.getName().equals("is" + capitalized));
                if (getter && has(method, annotation)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean has(Member member, Class<? extends Annotation> annotation) {
        return member instanceof AnnotatedElement element && element.isAnnotationPresent(annotation);
    }
}
